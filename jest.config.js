/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/property-seed.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // The packages' sources, as `paths` of tsconfig.json says it to everything else.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^slack-sandbox$': '<rootDir>/packages/slack-sandbox/src/index',
    '^identity-sandbox/(.*)$': '<rootDir>/packages/identity-sandbox/src/$1/index',
  },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.json', diagnostics: false }] },
};

/** `npm test` runs what needs no server; `npm run test:real` adds Redis, Postgres, Samba and Chromium. */
export default {
  testTimeout: 120_000,
  maxWorkers: 2,
  // A worker keeps something of each test file's modules. Without this it ends after some 200 files, out of memory, and the
  // run waits for ever for what it was running.
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...shared,
      displayName: 'notme',
      testMatch: ['<rootDir>/{test,packages/*/test}/**/*.test.ts'],
      testPathIgnorePatterns: ['/test/real/'],
    },
    { ...shared, displayName: 'real', testMatch: ['<rootDir>/{test,packages/*/test}/real/**/*.test.ts'] },
  ],
};
