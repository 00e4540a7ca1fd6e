import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { offerUnplanned } from '../../src/approvals/unplanned.js';
import { incidentById } from '../../src/incidents/incident.js';
import { touchIncident } from '../../src/incidents/posts.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea } = PEOPLE;
const GOOGLE = 'google_workspace';
const FORWARD = 'collector@evil.example';
const LONG_MS = 90_000;

describe('what of an account was not read, or not whole,', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true });
    await flow.world.intrude(GOOGLE, ada.email);
    refuseMailRules();
    await flow.report(ada);
    await flow.player.until('the evidence', () => newest('Evidence preserved')?.includes('Google Workspace'), LONG_MS);
  }, 240_000);
  afterAll(() => flow.close());

  const google = () => {
    const found = flow.world.systems.find(({ id }) => id === GOOGLE);
    if (!found) throw new Error('there is no Google Workspace');
    return found;
  };
  const refuseMailRules = (): void =>
    google().faults.add({ type: 'unauthorized', path: '/gmail', only: 'reads', times: 10_000 });
  const said = (part: string): string[] =>
    flow.player
      .messages(flow.channel)
      .map(textOf)
      .filter((one) => one.includes(part));
  const newest = (part: string): string | undefined => said(part).at(-1);
  const look = async (): Promise<string> => {
    const before = said('Looked again').length;
    await flow.player.press(bea.id, flow.channel, await flow.card('Ada Okafor'), 'incident_look');
    await flow.player.until('another line about the look', () => said('Looked again').length > before, LONG_MS);
    return newest('Looked again') ?? '';
  };

  it('is named where the evidence is told, in few words', () => {
    const kept = newest('Evidence preserved') ?? '';
    expect(kept).toMatch(/\*Google Workspace\* \([^)]*not read: mail rules and forwards/);
    expect(kept).toMatch(/\*Mimecast\* \([^)]*only part of: [^)]*sign-in methods/);
  });

  it('is named with its reason where the thread says what stands out, and is not judged', async () => {
    const judged = await flow.player.until(
      'what stands out',
      () => newest('What does not fit') ?? newest('Nothing in'),
    );
    expect(judged).toMatch(/\*Google Workspace\*: not read: mail rules and forwards \(.+\)/);
    expect(judged).toMatch(/\*Mimecast\*: only part of it was read: [^*]*sign-in methods/);
    expect(judged).not.toContain('Nothing in it stands out');
  });

  it(
    'is named by the look that cannot read it either, and "nothing new" is said of the rest only',
    async () => {
      const line = await look();
      expect(line).toMatch(/\*Google Workspace\*: not read: mail rules and forwards \(.+\)/);
      expect(line).toMatch(/\*Mimecast\*: only part of it was read: [^*]*sign-in methods/);
      expect(line).toContain('in what was read completely both times');
      expect(line).not.toContain(FORWARD);
    },
    LONG_MS,
  );

  it(
    'is listed with what it holds by the look that reads it for the first time',
    async () => {
      google().faults.clear();
      const line = await look();
      expect(line).toContain('Read now for the first time');
      expect(line).toMatch(/\*Google Workspace\* mail rules and forwards: .*collector@evil\.example/);
      expect(line).not.toMatch(/not read: [^*]*mail rules/);
    },
    LONG_MS,
  );

  it(
    'is named by a look that is refused what an earlier one read',
    async () => {
      refuseMailRules();
      expect(await look()).toMatch(/\*Google Workspace\*: not read: mail rules and forwards/);
      google().faults.clear();
    },
    LONG_MS,
  );

  it(
    'is not called free of what is to be taken away',
    async () => {
      const { core } = flow.app;
      await flow.decide(bea.id, 'Ada Okafor', 'revoke_sessions');
      const { rows } = await core.db.query<{ incident_id: string }>(
        'update decisions set unplanned = $1 returning incident_id',
        [JSON.stringify([{ system: 'mimecast', action: 'remove_factors', told: false }])],
      );
      const incident = await incidentById(core.db, core.workspaceId, rows[0]?.incident_id ?? '');
      if (!incident) throw new Error('there is no incident');
      await core.db.transaction(async (tx) => {
        await offerUnplanned({ core, tx }, incident);
        await touchIncident(core, tx, incident.id, 'a-test');
      });
      core.dispatch();
      const offer = textOf(await flow.inChannel('*Mimecast*: Remove sign-in methods'));
      expect(offer).toContain('only part of it could be read');
      expect(offer).not.toContain('there is nothing to take away');
    },
    LONG_MS,
  );
});
