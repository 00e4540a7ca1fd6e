import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { WORK_NAMES } from '../../src/outbox/outbox.js';
import { ENVIRONMENT_NAMES } from '../../src/main/config/environment.js';
import { fileSchema } from '../../src/main/config/file-schema.js';
import { ACTION_KINDS } from '../../src/ports/connector.js';
import { OUTCOMES } from '../../src/incidents/incident.js';
import { STEP_STATES } from '../../src/incidents/steps.js';
import { SURFACES } from '../../src/reports/report.js';
import { migrations } from '../../src/store/migrations/index.js';
import { allMatches, filesIn, read, type SourceFile } from './source.js';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const pages: SourceFile[] = [...PAGES.map((path) => ({ path, text: read(path) })), ...filesIn(['docs'], '.md')];
const packages = readdirSync('packages').map((name) => `packages/${name}`);
const rooms = [
  ...filesIn(['src', 'sandbox'], 'README.md'),
  ...packages.flatMap((path) => [
    { path: `${path}/README.md`, text: read(`${path}/README.md`) },
    ...filesIn([`${path}/docs`], '.md'),
  ]),
  ...pages,
];

const packageJson = z
  .object({ license: z.string(), scripts: z.record(z.string(), z.string()), engines: z.object({ node: z.string() }) })
  .parse(JSON.parse(read('package.json')));

/** What the paths on a page are relative to: its package, or the repository. */
const homeOf = (page: string): string => /^packages\/[^/]+/.exec(page)?.[0] ?? '.';

const wrongIn = (files: readonly SourceFile[], wrong: (file: SourceFile) => readonly string[]): string[] =>
  files.flatMap((file) => wrong(file).map((what) => `${file.path}: ${what}`));

describe('the pages', () => {
  it('name only npm scripts that exist', () => {
    const scripts = ['.', ...packages].flatMap((path) =>
      Object.keys(
        z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read(`${path}/package.json`))).scripts,
      ),
    );
    const run = wrongIn(rooms, ({ text }) =>
      allMatches(text, /npm run ([a-z][a-z:-]*)/g).filter((name) => !scripts.includes(name)),
    );
    expect(run).toEqual([]);
    expect(scripts).toEqual(expect.arrayContaining(['start', 'test']));
  });

  it('name only commands and options of notme that exist', () => {
    const cli = read('src/main/command-line.ts');
    const commands = allMatches(cli, /\.command\('([a-z]+)'\)/g);
    const options = [...allMatches(cli, /(--[a-z-]+)/g), '--help'];
    // Whatever stands in code style after "notme" is a command line.
    const lines = /(?:`|^|\s)(?:notme|npm run notme --|npm start --|npm run drill --) ([a-z-][^`\n]*)/gm;
    const wrong = wrongIn(pages, ({ text }) =>
      [...text.matchAll(/`[^`]+`|```[\s\S]*?```/g)].flatMap(([quoted]) =>
        allMatches(quoted, lines).flatMap((line) => [
          ...allMatches(line, /(--[a-z-]+)/g).filter((option) => !options.includes(option)),
          ...allMatches(quoted, /(?:^|`|\s)notme ([a-z]+)/gm).filter((name) => !commands.includes(name)),
        ]),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('link only to files that are there', () => {
    const wrong = wrongIn(rooms, ({ path, text }) =>
      allMatches(text, /\]\((?!https?:|mailto:|#)([^)#\s]+)/g).filter(
        (link) => !existsSync(normalize(join(dirname(path), link))),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('link only to headings that are there', () => {
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
    const headings = (path: string): string[] => allMatches(read(path), /^#+ (.+)$/gm).map(slug);
    const wrong = wrongIn(rooms, ({ path, text }) =>
      allMatches(text, /\]\((?!https?:)([^)\s]*#[^)\s]+)\)/g).filter((link) => {
        const [file = '', anchor = ''] = link.split('#');
        const target = file === '' ? path : normalize(join(dirname(path), file));
        return !existsSync(target) || !headings(target).includes(anchor);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('name only files and folders of the repository that are there', () => {
    const named = /`((?:src|jobs|blocks|sandbox|packages|test|bench|docs)\/[\w./-]*\w\/?)`/g;
    // CONTRIBUTING tells how a connector that is not there yet would be added.
    const isExample = (path: string): boolean => path.includes('/acme');
    const wrong = wrongIn(rooms, ({ path, text }) =>
      allMatches(text, named).filter((name) => !isExample(name) && !existsSync(join(homeOf(path), name))),
    );
    expect(wrong).toEqual([]);
  });

  it('name only settings that exist', () => {
    const known = new Set<string>([...ENVIRONMENT_NAMES, ...ENVIRONMENT_NAMES.map((name) => `${name}_FILE`)]);
    const variables = /`((?:SLACK|NOTME|MIMECAST|AD|MAILGUN|MAIL|SMTP|DATABASE|REDIS)_[A-Z_]+)(?:=[^`]*)?`/g;
    expect(wrongIn(pages, ({ text }) => allMatches(text, variables).filter((name) => !known.has(name)))).toEqual([]);
    const sections = Object.keys(fileSchema.shape);
    const keys = /`((?:workspace|mimecast|active_directory|notices|step_up|web|mail|texts)\.[a-z_.]+)`/g;
    const isKnown = (key: string): boolean => read('notme.schema.json').includes(`"${key.split('.').at(-1) ?? ''}"`);
    expect(sections).toContain('workspace');
    expect(wrongIn(pages, ({ text }) => allMatches(text, keys).filter((key) => !isKnown(key)))).toEqual([]);
  });

  it('say which Node the package asks for', () => {
    const wanted = packageJson.engines.node.replace('>=', '');
    expect(read('README.md')).toContain(`Node ${wanted}`);
  });

  it('begin the README with the two commands', () => {
    const [first] = [...read('README.md').matchAll(/```sh\n([\s\S]*?)```/g)];
    expect(first?.[1]?.trim().split('\n')).toEqual(['npm ci', 'npm start']);
    expect(read('README.md').indexOf('```sh')).toBeLessThan(200);
  });
});

describe('docs/architecture.md', () => {
  const architecture = read('docs/architecture.md');

  it('names every room', () => {
    const folders = (parent: string): string[] =>
      readdirSync(parent, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [`${parent}/${entry.name}`] : [],
      );
    const all = [...folders('src'), ...folders('jobs'), 'blocks', ...folders('sandbox'), ...packages];
    expect(all.filter((room) => !architecture.includes(`\`${room}`))).toEqual([]);
  });

  it('links every decision record', () => {
    const records = readdirSync('docs/adr').filter((name) => /^\d{4}-/.test(name));
    expect(records.length).toBeGreaterThanOrEqual(6);
    expect(records.filter((name) => !architecture.includes(`adr/${name}`))).toEqual([]);
  });
});

describe('docs/glossary.md', () => {
  const glossary = read('docs/glossary.md').toLowerCase();

  it('explains every table of the store', () => {
    const sql = migrations.map((migration) => migration.sql).join('\n');
    const dropped = allMatches(sql, /(?:drop table|alter table(?= \w+ rename to)) (\w+)/gi);
    const tables = allMatches(sql, /(?:create table|alter table \w+ rename to) (\w+)/gi).filter(
      (table) => !dropped.includes(table),
    );
    expect(tables.length).toBeGreaterThan(15);
    expect(tables.filter((table) => !glossary.includes(`\`${table}\``))).toEqual([]);
  });

  it('explains the words of the closed sets', () => {
    const words = [...WORK_NAMES, ...STEP_STATES, ...OUTCOMES, ...ACTION_KINDS, ...SURFACES];
    expect(words.filter((word) => !glossary.includes(`\`${word}\``))).toEqual([]);
  });
});

describe('the files that a repository must have', () => {
  it('the licence of package.json is the licence text', () => {
    expect(packageJson.license).toBe('MIT');
    expect(read('LICENSE')).toMatch(/^MIT License/);
  });

  it('.ci/run can be run, and runs every check', () => {
    expect(statSync('.ci/run').mode & 0o111).toBe(0o111);
    const script = read('.ci/run');
    for (const check of [
      'format:check',
      'lint',
      'typecheck',
      'direction',
      'dead-code',
      'build',
      'test:real',
      'drill',
    ]) {
      expect(Object.keys(packageJson.scripts)).toContain(check);
      expect(script).toMatch(new RegExp(`npm run (--silent )?${check}\\b`));
    }
    expect(script).toMatch(/npm test\b/);
    expect(script).toMatch(/npm ci\b/);
  });

  it('the lock file names no registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  it('the picture of the journey can be read without seeing it, in light and in dark', () => {
    const svg = read('docs/images/journey.svg');
    expect(svg).toMatch(/<svg[^>]*role="img"[^>]*aria-labelledby="([\w-]+) ([\w-]+)"/);
    expect(svg).toMatch(/<title id="/);
    expect(svg).toMatch(/<desc id="/);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/<script|(?:href|src)="http/);
  });
});
