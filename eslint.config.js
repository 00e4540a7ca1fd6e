import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What differs from run to run is handed in, so that it can be played. */
const handedIn = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/main/config.ts reads the environment.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Use the clock that was handed in.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Use the clock that was handed in.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Use the randomness that was handed in.',
  },
];

/** A terminal obeys what stands in a name. */
const printed = {
  selector: "CallExpression[callee.property.name='write'][callee.object.property.name=/^std(out|err)$/]",
  message: 'Commands print through src/main/commands/print.ts.',
};

const UNHELD =
  'Another worker may have taken over meanwhile: a handler stores through run.commit (jobs/worker.ts), which asks for the claim first.';
const WRITES = '/^\\s*(with\\s[^]*)?(insert into|update|delete from)\\b/i';
const STORE = ":matches(MemberExpression[property.name='db'], Identifier[name='db'])";
const OF_STORE = ":matches([callee.object.property.name='db'], [callee.object.name='db'])";
// What the directory says of a person is stored whoever asks.
const WRITERS =
  '/^(add|append|clear|finish|issue|offer|open|record|repeat|request|save|touch|use)(?!PersonWithoutSlack)[A-Z]/';
/** What a handler stores past its claim: in a transaction of its own, by a statement, by a function that is handed the store. */
const unheld = [
  'CallExpression[callee.property.name=/^(transaction|batch)$/]',
  ...['TemplateLiteral > TemplateElement[value.raw', 'Literal[value'].map(
    (text) => `CallExpression${OF_STORE}[callee.property.name='query'] > ${text}=${WRITES}]`,
  ),
  `CallExpression[callee.name=${WRITERS}] > ${STORE}.arguments`,
  `Property[key.name='tx'] > ${STORE}.value`,
].map((selector) => ({ selector, message: UNHELD }));

export default tseslint.config(
  // src/ports/schema.ts is generated, and grows with the schema.
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      'coverage/',
      '.notme/',
      'packages/slack-sandbox/page/',
      'src/ports/schema.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      complexity: ['error', 15],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 4],
    },
  },
  {
    files: ['src/**/*.ts', 'jobs/**/*.ts', 'blocks/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...handedIn] },
  },
  {
    files: ['src/main/**/*.ts'],
    ignores: ['src/main/commands/{print,progress}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...handedIn, printed] },
  },
  {
    files: ['jobs/{handlers,run-step}/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...handedIn, ...unheld] },
  },
  {
    // The scheduler's own rounds: no work that was claimed.
    files: ['jobs/handlers/{poll-events,repair-cards}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...handedIn] },
  },
  {
    // Here the claim is asked for by the statements themselves, which leave in one packet.
    files: ['jobs/run-step/{run-step,record-outcome}.ts', 'jobs/handlers/post-status-writer.ts'],
    rules: { 'no-restricted-syntax': ['error', ...handedIn] },
  },
  {
    files: ['{test,packages/*/test}/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': 'off' },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
);
