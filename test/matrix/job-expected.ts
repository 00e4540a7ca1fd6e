/** What a job may do that was queued by a decision, after something has changed. Nothing is taken from the product. */
import { type Expected, TRACE } from './expected.js';

/** How it was decided: by one, by two, by one who broke the glass, or by the person whose accounts they are. */
type Signed = 'one' | 'two' | 'glass' | 'own';

/** By what was decided; left out are things of which the played system has none, so that nothing can be decided. */
export const JOB_KINDS: Readonly<Record<string, Signed | 'none'>> = {
  lockdown: 'one',
  reset_password: 'one',
  revoke_sessions: 'one',
  invalidate_backup_codes: 'one',
  clear_recovery_contacts: 'one',
  require_two_step: 'one',
  block_mail_protocols: 'one',
  quarantine: 'one',
  limit_login_ips: 'one',
  confirm_compromised: 'one',
  disable_account: 'one',
  enable_account: 'two',
  remove_admin_roles: 'two',
  block_address: 'two',
  remove_factors: 'none',
  unlink_identity_providers: 'none',
  delete_app_passwords: 'none',
  revoke_grants: 'none',
  disable_mail_rules: 'none',
  block_devices: 'none',
  undo: 'two',
  'enable_account by break-glass': 'glass',
  hold: 'own',
};

/** `idle`: nothing is done, and that is no refusal. */
type Effect = 'runs' | 'refused' | 'idle' | 'impossible';
/** By the kind, or by how it was signed. */
type Rule = Effect | { readonly [by: string]: Effect; readonly else: Effect };

/** A freeze is the person's own, and takes no role. */
const OF_FIRST: Rule = { own: 'runs', else: 'refused' };
const OF_SECOND: Rule = { two: 'refused', else: 'impossible' };

/** By what has changed between the decision and its job. */
export const GROUND_RULES: Readonly<Record<string, Rule>> = {
  'nothing changed': 'runs',
  'the first lost the role': OF_FIRST,
  'the first became a guest': OF_FIRST,
  'the first was suspected when deciding': OF_FIRST,
  // What they decided before stays: a thief who reports somebody would stop what they began.
  'the first was suspected afterwards': 'runs',
  'the second lost the role': OF_SECOND,
  'the second became a guest': OF_SECOND,
  'the second was suspected when deciding': OF_SECOND,
  'the second lost their signature': OF_SECOND,
  // That proves nothing: it is asked again.
  'Slack is silent': 'idle',
  'the incident was closed': 'refused',
  // What was done to an account of somebody else is taken back all the same.
  'the account was unlinked': { undo: 'runs', else: 'refused' },
  'the account is protected': 'refused',
  "the account is the first's own": 'refused',
  'the action was forged': 'refused',
  'the account was forged': 'refused',
  'the decider was forged': 'refused',
  'the incident was forged': 'refused',
  'the tag was removed': 'refused',
  'a day went by': 'refused',
  'it has ended': 'idle',
  'it was put back': 'refused',
  // One stands for whatever can be undone.
  'it was undone and put back': { disable_account: 'refused', else: 'impossible' },
  'another worker took over': 'idle',
};

const ENDED = ['accounts', 'evidence', 'steps'];

function effectOf(kind: string, signed: Signed, ground: string): Effect {
  const rule = GROUND_RULES[ground];
  if (!rule) throw new Error(`${ground} stands in no line of the expected table`);
  if (typeof rule === 'string') return rule;
  return rule[kind] ?? rule[signed] ?? rule.else;
}

/** @param job `job run_step:` and what was decided */
export function expectedOfJob(job: string, ground: string): Expected {
  const kind = job.replace('job run_step: ', '');
  const signed = JOB_KINDS[kind];
  if (!signed) throw new Error(`${job} stands in no line of the expected table`);
  if (signed === 'none') return { kind: 'impossible' };
  switch (effectOf(kind, signed, ground)) {
    case 'impossible':
      return { kind: 'impossible' };
    case 'idle':
      return { kind: 'turned_away', must: [], may: ['work', 'people'] };
    case 'refused':
      return { kind: 'refused', may: [...TRACE, ...ENDED] };
    case 'runs':
      return {
        kind: 'allowed',
        must: ['connector', 'steps', 'record_entries'],
        may: ['connector', ...TRACE, ...ENDED],
      };
  }
}
