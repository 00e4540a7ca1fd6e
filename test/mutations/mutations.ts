/** A place of the core, changed so that it decides wrongly. */
export interface Mutation {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong then. */
  readonly why: string;
  /** The core's own tests that must notice. */
  readonly tests: readonly string[];
}

const of = (
  file: string,
  tests: readonly string[],
  ...changes: readonly (readonly [string, string, string])[]
): Mutation[] => changes.map(([find, replace, why]) => ({ file, find, replace, why, tests }));

export const MUTATIONS: readonly Mutation[] = [
  ...of(
    'jobs/run-step/attempt.ts',
    ['test/run-step/attempt'],
    ['const MAX_ATTEMPTS = 8;', 'const MAX_ATTEMPTS = 9;', 'a ninth try'],
    ['const MAX_WAITS = 40;', 'const MAX_WAITS = 8;', 'a system that asks to wait is given up like a broken one'],
    [
      'neverArrived: step.first_sent_at === null',
      'neverArrived: true',
      'an earlier call that may have arrived is forgotten',
    ],
    [
      "if (read.verdict === 'does_not_hold') return send(attempt);",
      'return send(attempt);',
      'what cannot be read is sent again at once',
    ],
    ['if (step.accepted_at !== null) return unproven(attempt, read, null);', '', 'an accepted command is sent again'],
    [
      'if (step.first_sent_at === null) return send(attempt);',
      'return send(attempt);',
      'nothing is read back after an interruption',
    ],
    [
      'const alreadyDone = answer.value.alreadyDone && step.first_sent_at === null;',
      'const { alreadyDone } = answer.value;',
      "our own doing is told as somebody else's",
    ],
    [
      "if (protectedBecause !== null) return err(needsHuman({ kind: 'protected_account', message: protectedBecause }));",
      '',
      'a protected account is touched',
    ],
    [
      'return retryIn(waitFor(attempt, failure), failure, { uncounted: true });',
      'return retryIn(waitFor(attempt, failure), failure);',
      'tries before anything was sent are not counted',
    ],
    [
      "if (next === 'read_back') return retryIn(toldWait(failure) ?? 1000, failure);",
      '',
      'a lost answer is taken for no call',
    ],
  ),
  ...of(
    'jobs/run-step/undo.ts',
    ['test/run-step/undo'],
    [
      'if (changed.length === 0) return null;',
      'if (changed.length >= 0) return null;',
      'an undo overwrites what somebody else changed',
    ],
    [
      'return isBetween(saved.left, saved.before, now) ? null : notRestored(saved, now);',
      'return null;',
      'an undo that was sent overwrites what somebody else changed',
    ],
    [' && Object.keys(left).length > 0', '', 'what took everything is never undone'],
    [
      'if (differences(saved.before, now.value).length === 0) return restored(attempt, saved.before, null);',
      '',
      'what is so already is sent',
    ],
    [
      'const stopped = (await attempt.stopped()) ?? (await protectedMeanwhile(attempt));',
      'const stopped = await protectedMeanwhile(attempt);',
      'an undo is sent although something stands against it',
    ],
    [
      'const stopped = (await attempt.stopped()) ?? (await protectedMeanwhile(attempt));',
      'const stopped = await attempt.stopped();',
      'an undo is sent to an account that its system protects by now',
    ],
  ),
  ...of(
    'src/ports/retry.ts',
    ['test/run-step/attempt'],
    [
      "    case 'unknown_outcome':\n      return 'read_back';",
      "    case 'unknown_outcome':\n      return 'retry';",
      'a lost answer is retried blindly',
    ],
  ),
  ...of(
    'src/approvals/policy.ts',
    ['test/approvals/policy'],
    ['own.value.addresses.includes(target.email.toLowerCase())', 'false', 'an approver decides about his own address'],
    [
      'return unlessSlackIsSilent(core, () => checkUnsuspected(core, own.value, decidedAt));',
      'return ok(null);',
      'a suspected approver decides',
    ],
    ['address.toLowerCase() === login.toLowerCase()', 'address === login', 'the never-touch list heeds the case'],
  ),
  ...of(
    'src/approvals/whose.ts',
    ['test/approvals/policy'],
    [
      'return claim.undo ? ok(null) : checkOthers(core, claim, known);',
      'return ok(null);',
      "somebody else's account is decided about",
    ],
  ),
  ...of(
    'src/approvals/take-decision.ts',
    ['test/approvals/decide'],
    [
      'if (newest && count > request.seen) return',
      'if (newest && count > request.seen + 1) return',
      'the second of two decisions wins as well',
    ],
    [
      "if (drawn.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));",
      '',
      'another plan runs than the one that was shown',
    ],
    [
      'incident.owner === null ? takeFor',
      'incident.owner !== null ? takeFor',
      'a decision takes the incident away from its owner',
    ],
  ),
  ...of(
    'src/approvals/quorum.ts',
    ['test/approvals/quorum'],
    [
      'return [...theirs].some(',
      'return [...theirs].slice(theirs.size).some(',
      'whoever has the same account signs twice',
    ],
    [
      'targets.filter((kind) => kinds.has(kind))',
      'targets.filter((kind) => !kinds.has(kind))',
      'a VIP needs one approver, everybody else two',
    ],
  ),
  ...of(
    'src/approvals/second-signature.ts',
    ['test/approvals/quorum'],
    ['() => checkNotReporter(core, actor, row.incident_id),', '', 'whoever reported it signs second'],
  ),
  ...of(
    'src/containment/step-order.ts',
    ['test/containment/plan'],
    [
      "{ action: 'disable_account', because: 'the next copy would enable the account again' },",
      '',
      'a copy is disabled before its authority',
    ],
  ),
  ...of(
    'jobs/dispatcher.ts',
    ['test/jobs/dispatcher'],
    [
      '`${row.id}_${row.wanted}_${row.attempt}`',
      '`${row.id}_${row.attempt}`',
      'a job that the queue still holds hides a newer request',
    ],
    [
      'if (await queue.has(jobOf(row).jobId)) continue;',
      'if (row.wanted > 0) continue;',
      'work that the queue has lost is never run',
    ],
  ),
  ...of(
    'src/outbox/outbox.ts',
    ['test/jobs/worker'],
    ['      await holdLease(tx, lease);\n', '', 'a worker stores what it found after another one has taken over'],
    [
      "status = case when wanted > $4 then 'pending' else 'done' end",
      "status = 'done'",
      'a request that comes while the work runs is lost',
    ],
  ),
  ...of(
    'src/notices/ingest.ts',
    ['test/notices/ingest'],
    ['rows[0].sent > rows[0].told', 'rows[0].sent > 0', 'one step of ours explains every change of an attacker'],
    [
      'if (event.own === false || deeds === undefined) return false;',
      'if (deeds === undefined) return false;',
      'a change with other credentials is taken for ours',
    ],
  ),
  ...of(
    'blocks/incident-card.ts',
    ['test/blocks/incident-card'],
    [
      "incident.status === 'open' && incident.owner === null && onCall.length > 0",
      'onCall.length > 0',
      'whoever is on call is called for what somebody has',
    ],
    [
      'step.accepted_at !== null && step.finished_at === null',
      'step.accepted_at === null',
      'what the system took is shown as a failed try',
    ],
  ),
];
