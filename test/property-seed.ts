import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a change is judged by what it changed. Look for new
 * counterexamples with `FAST_CHECK_SEED=random npm test`, or repeat one with its number.
 */
const asked = process.env['FAST_CHECK_SEED'] ?? '20261124';
fc.configureGlobal(asked === 'random' ? {} : { seed: Number(asked) });
