import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { filesIn, read } from './source.js';

const Package = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  bin: z.record(z.string(), z.string()),
  engines: z.object({ node: z.string() }),
});
const packageOf = (folder: string) => Package.parse(JSON.parse(read(`${folder}/package.json`)));
const SANDBOXES = ['slack-sandbox', 'identity-sandbox'];
const app = packageOf('.');

describe('what production installs', () => {
  it('is nothing that only the sandbox or the development uses', () => {
    const files = filesIn(['src', 'jobs', 'blocks'], '.ts')
      .map(({ text }) => text)
      .join('\n');
    const ofPackages = SANDBOXES.flatMap((name) => Object.keys(packageOf(`packages/${name}`).dependencies));
    const unused = ofPackages.filter((name) => !files.includes(`'${name}'`));
    expect(unused).toEqual(expect.arrayContaining(['ajv', 'express', 'scimmy', 'scimmy-routers', 'ws']));
    const installed = Object.keys(app.dependencies);
    expect(installed.filter((name) => [...unused, ...SANDBOXES, 'tsx'].includes(name))).toEqual([]);
    expect(Object.keys(app.devDependencies)).toEqual(expect.arrayContaining([...SANDBOXES, 'tsx']));
  });

  it('is packed without the sandbox, its packages and the tests', () => {
    const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' });
    const [packed] = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).parse(JSON.parse(told));
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['manifest.yml', 'package.json', 'docs/connect.md']));
    expect(paths.filter((path) => /^(dist\/)?(sandbox|packages|test|bench)\//.test(path))).toEqual([]);
  });

  it.each(SANDBOXES)('%s is a package with a command of its name, for the same Node', (name) => {
    const given = packageOf(`packages/${name}`);
    expect(Object.keys(given.bin)).toEqual([name]);
    expect(given.engines).toEqual(app.engines);
  });
});
