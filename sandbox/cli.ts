import { runCommandLine } from '../src/main/command-line.js';

/** The same command line as an installation's, with the sandbox in it; what is real loads nothing of it. */
await runCommandLine({
  start: async (flags) => (await import('./run.js')).runSandbox(flags),
  drill: async (flags) => (await import('./drill/command.js')).drillCommand(flags),
});
