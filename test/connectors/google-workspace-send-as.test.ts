import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GoogleWorkspaceDirectory } from 'identity-sandbox/google-workspace';
import type { AccountRef, Connector } from '../../src/ports/connector.js';
import { ADA, call, connect, playedRuntime, startDirectory } from './google-workspace-subject.js';

const ALL = { kind: 'disable_mail_rules', items: 'all' } as const;
const SERVER = { host: 'smtp.evil.example', port: 587, securityMode: 'starttls' } as const;

let directory: GoogleWorkspaceDirectory;
let google: Connector;
let ada: AccountRef;
const runtime = playedRuntime();

beforeEach(async () => {
  directory = await startDirectory(() => runtime.now());
  google = connect(directory.url, runtime);
  const found = await google.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  ada = found.value;
});
afterEach(() => directory.close());

const rules = () => directory.user(ADA)?.rules;

async function factsOf() {
  const facts = await google.capture(ALL, ada, call());
  if (!facts.ok) throw new Error(facts.error.message);
  return facts.value;
}

describe('addresses that mail is sent as', () => {
  it('are shown with where answers go, are taken away, and come back as they were', async () => {
    directory.sendAs(ADA, { sendAsEmail: 'billing@evil.example', displayName: 'Billing', isDefault: true });
    directory.sendAs(ADA, { sendAsEmail: 'team@example.com', replyToAddress: 'collector@evil.example' });
    const { mail_rules: shown } = await google.evidence(ada, call());
    expect(shown).toMatchObject({
      complete: true,
      items: [
        {
          id: 'send_as:billing@evil.example',
          title: 'Send mail as billing@evil.example',
          givesMailTo: ['billing@evil.example'],
          detail: 'accepted, the default',
        },
        { id: 'send_as:team@example.com', givesMailTo: ['collector@evil.example'] },
      ],
    });
    const before = await factsOf();
    await google.perform(ALL, ada, call());
    expect(rules()).toEqual([]);
    expect(await google.readBack(ALL, ada, runtime.now(), call())).toMatchObject({ value: { verdict: 'holds' } });
    expect(google.cannotRestore?.(ALL, before)).toContain('billing@evil.example, team@example.com');
    expect(await google.restore(ALL, ada, before, call())).toMatchObject({ ok: true });
    expect(rules()).toEqual(['send as billing@evil.example', 'send as team@example.com']);
    expect(await factsOf()).toEqual(before);
  });

  it('are taken away one by one, and the own address never', async () => {
    directory.sendAs(ADA, { sendAsEmail: 'billing@evil.example' });
    directory.sendAs(ADA, { sendAsEmail: 'team@example.com' });
    const one = { kind: 'disable_mail_rules', items: ['send_as:billing@evil.example'] } as const;
    await google.perform(one, ada, call());
    expect(rules()).toEqual(['send as team@example.com']);
    const deleted = directory.calls().filter(({ method }) => method === 'DELETE');
    expect(deleted.map(({ path }) => path)).toEqual(['/gmail/v1/users/me/settings/sendAs/billing%40evil.example']);
  });

  it('with a mail server of their own are not made again, and that is said before', async () => {
    directory.sendAs(ADA, { sendAsEmail: 'billing@evil.example', smtpMsa: SERVER });
    const { mail_rules: shown } = await google.evidence(ada, call());
    expect(shown).toMatchObject({ items: [{ detail: expect.stringContaining('smtp.evil.example') }] });
    const before = await factsOf();
    await google.perform(ALL, ada, call());
    expect(google.cannotRestore?.(ALL, before)).toContain('went through a server whose password Gmail does not show');
    expect(await google.restore(ALL, ada, before, call())).toMatchObject({ ok: true });
    expect(rules()).toEqual([]);
  });

  it('prove nothing where Gmail leaves out the own one', async () => {
    directory.hooks.rewrite = (body) =>
      JSON.parse(JSON.stringify(body), (name, value: unknown) => (name === 'sendAs' ? [] : value)) as unknown;
    expect(await google.readBack(ALL, ada, runtime.now(), call())).toMatchObject({ value: { verdict: 'cannot_tell' } });
    expect(await google.capture(ALL, ada, call())).toEqual({ ok: true, value: {} });
  });
});

describe('replies to the own address', () => {
  it('that go elsewhere are an item of their own, and are sent back by an undo', async () => {
    directory.sendAs(ADA, { replyTo: 'collector@evil.example' });
    const { mail_rules: shown } = await google.evidence(ada, call());
    expect(shown).toMatchObject({
      items: [
        { id: 'reply_to', givesMailTo: ['collector@evil.example'], title: 'Replies go to collector@evil.example' },
      ],
    });
    const before = await factsOf();
    await google.perform(ALL, ada, call());
    expect(rules()).toEqual([]);
    expect(google.cannotRestore?.(ALL, before)).toBeNull();
    expect(await google.restore(ALL, ada, before, call())).toMatchObject({ ok: true });
    expect(rules()).toEqual(['reply to collector@evil.example']);
  });

  it('that go to what is no address are neither elsewhere nor nowhere', async () => {
    directory.sendAs(ADA, { replyTo: 'somewhere' });
    expect(await google.readBack(ALL, ada, runtime.now(), call())).toMatchObject({ value: { verdict: 'cannot_tell' } });
    expect(await google.capture(ALL, ada, call())).toEqual({ ok: true, value: {} });
  });

  it('that go to the own address are nothing', async () => {
    directory.sendAs(ADA, { replyTo: ADA.toUpperCase() });
    const { mail_rules: shown } = await google.evidence(ada, call());
    expect(shown).toMatchObject({ items: [], complete: true });
  });
});
