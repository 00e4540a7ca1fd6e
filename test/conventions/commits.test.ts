import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

describe('the check of new commits', () => {
  let repository = '';
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@meadow.example', ...args], { cwd: repository });
  beforeAll(() => {
    repository = mkdtempSync(join(tmpdir(), 'notme-commits-'));
    git('init', '--quiet', '--initial-branch=main');
  });
  afterAll(() => rmSync(repository, { recursive: true }));

  const looked = (subject: string) => {
    git('commit', '--quiet', '--allow-empty', '-m', subject);
    const ended = spawnSync(process.execPath, [join(process.cwd(), '.ci/commits.js'), '-1'], { cwd: repository });
    return { status: ended.status, said: ended.stdout.toString() };
  };

  it('takes a scope and an imperative', () => {
    expect(looked('connectors/okta: read the cursor before the page')).toMatchObject({ status: 0 });
    expect(looked('jobs, slack: need a lease')).toMatchObject({ status: 0 });
  });

  it.each([
    [`jobs: ${'a'.repeat(72)}`, 'at most 72'],
    ['Read the cursor before the page', 'no scope'],
    ['jobs: added a lease', 'begins with "added"'],
    ['jobs: keeping a lease', 'begins with "keeping"'],
    ["Merge branch 'x' into main", 'no scope'],
    ['jobs: keep a lease.', 'full stop'],
  ])('refuses "%s"', (subject, fault) => {
    const { status, said } = looked(subject);
    expect(status).toBe(1);
    expect(said).toContain(fault);
  });
});
