import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crashCampaign, campaignSeed } from '../crash/campaign.js';
import { type Compiled, compileApp } from '../crash/compile.js';
import { type MortalApp, startMortalApp } from '../crash/mortal-app.js';
import {
  type Cast,
  cardOf,
  decide,
  openDecision,
  press,
  pressNotMe,
  report,
  submitDecision,
  until,
} from '../crash/people.js';
import { STORIES } from '../crash/plan.js';
import { openTown, type Town } from '../crash/town.js';
import { findFaults, untilQuiet } from '../crash/verdict.js';

const story = (name: string) => STORIES.find((one) => one.name === name)!;

describe('what comes twice happens once', () => {
  let compiled: Compiled;
  let town: Town;
  let app: MortalApp;
  let turn = 0;

  beforeAll(async () => {
    compiled = await compileApp();
    town = await openTown({ people: 6, approvers: 20, databaseUrl: null, redisUrl: null });
    app = await startMortalApp(town, compiled.app);
  }, 240_000);

  afterAll(async () => {
    await app.stop();
    await town.close();
    await compiled.remove();
  }, 240_000);

  const castWith = (person: number): Cast => ({
    town,
    app,
    victim: town.people[person]!,
    nextApprover: () => town.approvers[turn++]!,
  });

  const rowsOf = async (cast: Cast, table: 'reports' | 'decisions'): Promise<number> => {
    const { rows } = await app.db.query<{ count: number }>(
      `select count(*)::int as count from ${table} t join incidents i on i.id = t.incident_id
       join people p on p.id = i.person_id where p.email = $1`,
      [cast.victim.email],
    );
    return rows[0]!.count;
  };

  /** The modal of a decision, once the linked accounts are known. */
  const modalFor = (cast: Cast, approver: Cast['victim'], decision: string) =>
    until('the modal', () => openDecision(cast, approver, decision));

  it('takes one decision from a modal that is sent off twice', async () => {
    const cast = castWith(0);
    await report(cast, 'words');
    const approver = cast.nextApprover();
    const modal = await modalFor(cast, approver, 'reset_password');
    const answers = await Promise.allSettled([1, 2].map(() => submitDecision(cast, approver, modal)));
    expect(answers.some((one) => one.status === 'fulfilled' && one.value.result === 'cleared')).toBe(true);
    await untilQuiet(app);
    expect(await rowsOf(cast, 'decisions')).toBe(1);
    expect(await findFaults(town, app, cast.victim, story('words, reset'))).toEqual([]);
  }, 240_000);

  it('lets the first of two approvers win and tells the other who it was', async () => {
    const cast = castWith(1);
    await report(cast, 'words');
    const [first, second] = [cast.nextApprover(), cast.nextApprover()];
    const modals = [await modalFor(cast, first, 'lockdown'), await modalFor(cast, second, 'lockdown')];
    const answers = await Promise.all([
      submitDecision(cast, first, modals[0]!),
      submitDecision(cast, second, modals[1]!),
    ]);
    expect(answers.map(({ result }) => result).sort()).toEqual(['cleared', 'updated']);
    const [winner, loser] = answers[0].result === 'cleared' ? [first, second] : [second, first];
    const told = JSON.stringify(town.slack.state().views[loser.id]);
    expect(told).toContain(`<@${winner.id}> decided the same`);
    await untilQuiet(app);
    expect(await rowsOf(cast, 'decisions')).toBe(1);
    expect(await findFaults(town, app, cast.victim, story('words, lockdown'))).toEqual([]);
  }, 240_000);

  it('counts an event once that Slack delivers again because our answer was lost', async () => {
    const cast = castWith(2);
    town.slack.faults.add({ target: 'delivery', method: 'message', type: 'drop_ack' });
    const before = town.slack.journal().at(-1)?.seq ?? 0;
    await report(cast, 'words');
    await town.slack.wait({
      timeout_ms: 60_000,
      until: { journal: { kind: 'retry', name: 'message', after: before } },
    });
    await decide(cast, 'disable_account');
    await untilQuiet(app);
    expect(await rowsOf(cast, 'reports')).toBe(1);
    expect(await findFaults(town, app, cast.victim, { ...story('words, reset'), decides: 'disable_account' })).toEqual(
      [],
    );
  }, 240_000);

  it('takes one report from a button that is pressed twice', async () => {
    const cast = castWith(3);
    town.mimecast.resetByAttacker(cast.victim.email, 'intruder@crash.example', '198.51.100.23');
    await Promise.all([pressNotMe(cast), pressNotMe(cast)]);
    await until('the card', () => cardOf(town, cast.victim));
    await decide(cast, 'disable_account');
    await untilQuiet(app);
    expect(await rowsOf(cast, 'reports')).toBe(1);
    expect(await findFaults(town, app, cast.victim, story('notice, disable'))).toEqual([]);
    const told = town.slack.state().ephemerals.filter(({ user }) => user === cast.victim.id);
    expect(told.length).toBeLessThanOrEqual(1);
  }, 240_000);

  it('tries a step once more when Retry is pressed twice', async () => {
    const cast = castWith(4);
    await report(cast, 'words');
    const approver = cast.nextApprover();
    const modal = await modalFor(cast, approver, 'reset_password');
    town.mimecast.permit('Directories | Internal | Edit', false);
    expect((await submitDecision(cast, approver, modal)).result).toBe('cleared');
    const channel = town.securityChannel;
    const line = await until('the line with Retry', () => {
      const messages = town.slack.state().messages[channel] ?? [];
      return messages.find((one) => JSON.stringify(one['blocks'] ?? []).includes('step_retry')) ?? null;
    });
    expect(line['thread_ts']).toBe(cardOf(town, cast.victim)?.ts);
    town.mimecast.permit('Directories | Internal | Edit', true);
    await Promise.all([1, 2].map(() => press(cast, approver, { channel, ts: line.ts }, 'step_retry')));
    await untilQuiet(app);
    const resets = town.mimecast
      .effects()
      .filter(({ email, kind }) => email === cast.victim.email && kind === 'reset_password');
    expect(resets).toHaveLength(1);
    const { rows } = await app.db.query<{ status: string; round: number }>(
      `select s.status, s.round from steps s join incidents i on i.id = s.incident_id
       join people p on p.id = i.person_id where p.email = $1`,
      [cast.victim.email],
    );
    expect(rows).toEqual([{ status: 'verified', round: 1 }]);
    const thread = (town.slack.state().messages[channel] ?? []).filter((one) => one['thread_ts'] === line['thread_ts']);
    expect(thread.filter(({ text }) => text.includes('asked for another try'))).toHaveLength(1);
    expect(thread.filter(({ text }) => text.includes('verified at'))).toHaveLength(1);
  }, 240_000);
});

describe('the embedded database alone', () => {
  it('loses nothing and does nothing twice when the process is killed at 12 points', async () => {
    const seed = campaignSeed();
    const { kills, faults } = await crashCampaign({ kills: 12, databaseUrl: null, redisUrl: null, seed });
    expect(faults).toEqual([]);
    expect(kills).toBeGreaterThanOrEqual(12);
  }, 240_000);
});
