import { describe, expect, it } from '@jest/globals';
import { loadConfig, type Config, type ConfigProblem } from '../../src/main/config.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PASSWORD = 'hunter2hunter2';
const KEY = { NOTME_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') };

function load(env: Record<string, string>, yml = ''): { problems: readonly ConfigProblem[]; config: Config | null } {
  const folder = mkdtempSync(join(tmpdir(), 'notme-clear-'));
  try {
    writeFileSync(join(folder, 'notme.yml'), yml);
    const loaded = loadConfig({ env: { ...KEY, ...env }, file: join(folder, 'notme.yml') });
    return loaded.ok ? { problems: [], config: loaded.value } : { problems: loaded.error, config: null };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const postgres = (place: string) => ({ DATABASE_URL: `postgres://notme:${PASSWORD}@${place}` });

describe('Postgres', () => {
  it.each([
    'db.example.com/notme?sslmode=verify-full',
    'db.example.com/notme?uselibpqcompat=true&sslmode=verify-full&sslrootcert=/etc/ca.pem',
    '127.0.0.1/notme',
    '127.8.9.1:5433/notme',
    '[::1]/notme',
    'localhost/notme?sslmode=disable',
    '%2Fvar%2Frun%2Fpostgresql/notme',
    'localhost/notme?host=/var/run/postgresql',
  ])('takes %s', (place) => {
    expect(load(postgres(place))).toMatchObject({ problems: [], config: { warnings: [] } });
  });

  it.each([
    'db.example.com/notme',
    'db.example.com/notme?ssl=true',
    'db.example.com/notme?sslrootcert=/etc/ca.pem',
    ...['disable', 'allow', 'prefer', 'require', 'verify-ca', 'no-verify', 'VERIFY-FULL', ''].map(
      (mode) => `db.example.com/notme?sslmode=${mode}`,
    ),
    // The last one counts.
    'db.example.com/notme?sslmode=verify-full&sslmode=disable',
    // The host in the query wins.
    'localhost/notme?host=db.example.com',
    '127.0.0.1.example.com/notme',
    '0.0.0.0/notme',
    '10.0.0.1/notme',
    '%zz/notme',
  ])('refuses %s, with what to write instead', (place) => {
    const { problems } = load(postgres(place));
    expect(problems).toMatchObject([{ key: 'DATABASE_URL' }]);
    expect(problems[0]?.fix).toContain('sslmode=verify-full');
    expect(problems[0]?.fix).toContain('database.allow_plain_text: true');
    expect(JSON.stringify(problems)).not.toContain(PASSWORD);
  });

  it('refuses an address without a host, which the environment would complete', () => {
    expect(load({ DATABASE_URL: 'postgres:///notme' }).problems[0]?.problem).toContain('PGHOST');
  });

  it('takes anything where notme.yml allows it, and says so at each start', () => {
    const { config } = load(postgres('db/notme'), 'database: { allow_plain_text: true }\n');
    expect(config?.warnings).toMatchObject([{ key: 'database.allow_plain_text' }]);
    expect(config?.warnings[0]?.problem).toContain('every row');
    expect(load(postgres('db/notme'), 'redis: { allow_plain_text: true }\n').problems).toHaveLength(1);
  });
});

describe('Redis', () => {
  it.each([
    'redis://localhost',
    'redis://127.0.0.1:7000/2',
    'redis+sentinel://127.0.0.1,[::1]/main',
    `rediss://:${PASSWORD}@redis.example.com`,
    'rediss+cluster://a.example.com,b.example.com',
  ])('takes %s', (url) => {
    expect(load({ REDIS_URL: url })).toMatchObject({ problems: [], config: { warnings: [] } });
  });

  it.each([
    `redis://:${PASSWORD}@redis.example.com`,
    'redis+sentinel://127.0.0.1,b.example.com/main',
    'redis+cluster://a.example.com',
  ])('refuses %s, with what to write instead', (url) => {
    const { problems } = load({ REDIS_URL: url });
    expect(problems).toMatchObject([{ key: 'REDIS_URL' }]);
    expect(problems[0]?.fix).toContain('rediss://');
    expect(JSON.stringify(problems)).not.toContain(PASSWORD);
    expect(load({ REDIS_URL: url }, 'redis: { allow_plain_text: true }\n').config?.warnings).toMatchObject([
      { key: 'redis.allow_plain_text' },
    ]);
  });
});

it('refuses the variable that accepts every certificate', () => {
  expect(load({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }).problems).toMatchObject([{ key: 'NODE_TLS_REJECT_UNAUTHORIZED' }]);
  expect(load({ NODE_TLS_REJECT_UNAUTHORIZED: '1' }).problems).toEqual([]);
});
