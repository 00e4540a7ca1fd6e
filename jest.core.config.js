import shared from './jest.config.js';

const [notme] = shared.projects;

/**
 * The core's own tests: what the domain and the running of its work decide, over an in-memory store and systems that live in
 * memory. No app is started and no server. `npm run coverage` measures their branches, `npm run mutations` their teeth.
 *
 * Branches are counted by instrumenting what TypeScript made of a file (it is compiled for ES2023, so `??` and `?.` are still
 * there): a file that no test loads counts with all its branches. V8's own count would take such a file for one branch.
 */
export default {
  ...notme,
  displayName: 'core',
  testTimeout: shared.testTimeout,
  maxWorkers: shared.maxWorkers,
  workerIdleMemoryLimit: shared.workerIdleMemoryLimit,
  testMatch: [
    '<rootDir>/test/{approvals,audit,containment,doctor,evidence,incidents,jobs,notices,reports,run-step}/**/*.test.ts',
    '<rootDir>/test/blocks/{incident-card,standing}.test.ts',
  ],
  coverageProvider: 'babel',
  coverageReporters: ['json-summary', 'text'],
  coverageThreshold: { global: { branches: 90 } },
  collectCoverageFrom: [
    'src/{doctor,notices,reports,approvals,containment,evidence,incidents,audit,texts,outbox}/**/*.ts',
    'jobs/{run-step,handlers}/*.ts',
    'jobs/{backoff,dispatcher,overdue,worker}.ts',
  ],
};
