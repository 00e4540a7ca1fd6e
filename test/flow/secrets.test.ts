import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { enrolOnHost } from '../../src/approvals/enrolments.js';
import { newPassword } from '../../src/containment/password.js';
import type { Notme } from '../../src/main/app.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Player, textOf } from '../../sandbox/drill/player.js';
import { CONTRACTOR, PEOPLE, SECURITY_CHANNEL } from '../../sandbox/world/people.js';
import { codeAt } from '../../sandbox/world/phones.js';
import { startAppIn, startWorld } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';

const { ada, bea, cem } = PEOPLE;

/** The ways in which a secret may hide in a text. */
const disguises = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
];

/** Where a secret stands in clear, or thinly disguised. */
const findIn = (places: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>>): string[] =>
  Object.entries(places).flatMap(([place, text]) =>
    Object.entries(secrets)
      .filter(([, secret]) => disguises(secret).some((form) => text.includes(form)))
      .map(([name]) => `${name} in ${place}`),
  );

const jwk = z.object({ d: z.string() });
const serviceAccount = z.object({ private_key: z.string() });
const scimTokens = z.object({ wiki: z.string() });

/** A line from the middle of a PEM: its frame is no secret. */
const middleOf = (pem: string): string => pem.split('\n')[4] ?? '';

function configured(world: World): Readonly<Record<string, string>> {
  const { addresses } = world;
  const given = Object.assign({}, ...addresses.systems.map(({ environment }) => environment)) as Record<string, string>;
  return {
    'the bot token': addresses.botToken,
    'the app-level token': addresses.appToken,
    'the mail key': addresses.mail.apiKey,
    'the client secret of Mimecast': addresses.mimecast.clientSecret,
    'the client secret of Entra ID': given['ENTRA_ID_CLIENT_SECRET'] ?? '',
    'the client secret of Keycloak': given['KEYCLOAK_CLIENT_SECRET'] ?? '',
    'the private key of Okta': jwk.parse(JSON.parse(given['OKTA_PRIVATE_KEY'] ?? '')).d,
    'the private key of Google': middleOf(
      serviceAccount.parse(JSON.parse(given['GOOGLE_WORKSPACE_SERVICE_ACCOUNT_KEY'] ?? '')).private_key,
    ),
    'the administrator token of Slack': given['SLACK_WORKSPACE_TOKEN'] ?? '',
    'the SCIM token': scimTokens.parse(JSON.parse(given['SCIM_TOKENS'] ?? '')).wiki,
    "the seed of Bea's codes": world.phones[bea.id] ?? '',
  };
}

/** So many bytes are drawn for one password, and for nothing else. */
const PASSWORD_DRAW = 256;

describe('secrets', () => {
  let world: World;
  let app: Notme;
  let dataDir: string;
  const lines: string[] = [];
  const secrets: Record<string, string> = {};
  /** The bytes that new passwords were made of: the store forgets a password when its step has ended. */
  const drawn: Buffer[] = [];

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'notme-secrets-'));
    const base = systemRuntime();
    const randomBytes = (size: number): Buffer => {
      const bytes = base.randomBytes(size);
      if (size === PASSWORD_DRAW) drawn.push(bytes);
      return bytes;
    };
    const runtime = { ...base, randomBytes };
    const destination = { write: (line: string) => void lines.push(line) };
    world = await startWorld({ dataDir, runtime, port: 0, page: false, keep: false, everySystem: true });
    app = await startAppIn(world, {
      dataDir,
      runtime,
      log: createLog({ level: 'trace', pretty: false, destination }),
      pollSeconds: 1,
    });
    await enrolAnew();
    await playAnIncident();
    Object.assign(secrets, configured(world), await passwordsOf(app));
    const sealKey = readFileSync(join(dataDir, 'secret.key'), 'utf8').trim();
    secrets['the key that seals'] = sealKey;
  }, 480_000);
  afterAll(async () => {
    await app.stop();
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** As the command on the host does; recovery codes are shown there alone. */
  async function enrolAnew(): Promise<void> {
    const { core } = app;
    const whom = { userId: cem.id, label: cem.email, email: cem.email };
    const origin = { surface: 'host', correlationId: 'cli' };
    const enrolled = await core.db.transaction((tx) => enrolOnHost(core, tx, whom, origin));
    for (const [index, code] of enrolled.recoveryCodes.entries()) secrets[`recovery code ${index + 1}`] = code.reveal();
    secrets["the seed of Cem's codes"] = new URL(enrolled.uri.reveal()).searchParams.get('secret') ?? '';
    const player = new Player(world.slack, 60_000);
    const channel = player.channel(SECURITY_CHANNEL);
    await player.message(
      'the enrolment told',
      () => channel,
      (one) => textOf(one).includes(cem.id),
    );
  }

  /** Every kind of failure that a vendor answers with, on the way to a contained account. */
  async function playAnIncident(): Promise<void> {
    // A failed write is read back after the wait that the system named.
    const player = new Player(world.slack, 240_000);
    for (const type of ['http_500', 'drop_before_accept'] as const) world.mail.faults.add({ type, times: 1 });
    world.attack(CONTRACTOR.email);
    // Two tries fail: the pauses between them are those of an installation.
    await player.until('the mail to the contractor', () => world.mail.mailbox().length > 0, 240_000);
    await world.slack
      .act({ as: ada.id, do: 'open_dm', with: world.slack.botUserId })
      .then(({ channel }) =>
        world.slack.act({ as: ada.id, do: 'message', channel: String(channel), text: "I didn't do this" }),
      );
    const channel = player.channel(SECURITY_CHANNEL);
    const card = await player.message(
      'the card',
      () => channel,
      (one) => textOf(one).includes('Meadow Wiki'),
    );
    await player.message(
      'the evidence',
      () => channel,
      (one) => textOf(one).includes('Evidence preserved'),
    );
    // Mimecast echoes the whole request, password and all, in a failure.
    world.mimecast.faults.add({ type: 'fail_envelope', path: '/api/user/update-user', only: 'writes', times: 1 });
    const faults = ['http_500', 'throttle', 'unauthorized', 'drop_after_effect', 'nonsense'] as const;
    for (const [index, system] of world.systems.entries())
      system.faults.add({ type: faults[index % faults.length] ?? 'http_500', only: 'writes', times: 1, ms: 300 });
    await player.press(bea.id, channel, card, 'incident_action.reset_password');
    const { id } = await player.modal(bea.id, 'decide');
    const code = codeAt(world.phones[bea.id] ?? '', world.now());
    await player.approve(bea.id, id, { reason: 'not by Ada', code });
    secrets['the one-time code'] = code;
    await player.until('an end of every reset', async () => {
      const { rows } = await app.core.db.query<{ open: number }>(
        "select count(*)::int as open from steps where status in ('queued', 'running', 'waiting')",
      );
      return rows[0]?.open === 0;
    });
    await player.message(
      'the reset in Okta',
      () => channel,
      (one) => textOf(one).includes('*Okta: Reset password* verified'),
    );
  }

  /** The passwords that were made, made again of the same bytes. */
  async function passwordsOf({ core }: Notme): Promise<Record<string, string>> {
    const { rows } = await core.db.query("select id from steps where action = 'reset_password'");
    expect(rows).toHaveLength(world.systems.length + 1);
    expect(drawn).toHaveLength(rows.length);
    return Object.fromEntries(
      drawn.map((bytes, index) => {
        const password = newPassword({ ...core.runtime, randomBytes: () => bytes });
        return [`new password ${index + 1}`, password.reveal()];
      }),
    );
  }

  async function stored(): Promise<string> {
    const { rows } = await app.core.db.query<{ name: string }>(
      "select table_schema || '.' || table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
    );
    const tables = await Promise.all(
      rows.map(async ({ name }) => {
        const { rows: found } = await app.core.db.query<{ row: unknown }>(`select to_jsonb(t) as row from ${name} t`);
        return JSON.stringify(found);
      }),
    );
    expect(tables.length).toBeGreaterThan(15);
    return tables.join('\n');
  }

  const page = async (path: string): Promise<string> => (await fetch(`${app.webUrl}${path}`)).text();

  /** Everything that leaves the process, and everything that stays. */
  async function everything(): Promise<Record<string, string>> {
    const { messages, views } = world.slack.state();
    return {
      'the log': lines.join(''),
      'the messages in Slack': JSON.stringify(messages),
      'the modals and App Home': JSON.stringify(views),
      'the calls of the Web API': JSON.stringify(world.slack.journal().filter(({ kind }) => kind === 'api_call')),
      'the mails': JSON.stringify(world.mail.mailbox()),
      '/metrics': await page('/metrics'),
      '/readyz': await page('/readyz'),
      '/healthz': await page('/healthz'),
      'the database': await stored(),
    };
  }

  it('are found wherever they are planted, in each disguise', () => {
    const planted = disguises('Pa55 word/ä"=').map(
      (form, index) => [`place ${index}`, `before ${form} after`] as const,
    );
    const found = findIn(Object.fromEntries(planted), { it: 'Pa55 word/ä"=' });
    expect(found).toHaveLength(planted.length);
  });

  it('were really in play, and so were the failures', async () => {
    expect(Object.values(secrets).filter((secret) => secret.length < 6)).toEqual([]);
    const places = await everything();
    for (const text of Object.values(places)) expect(text.length).toBeGreaterThan(10);
    expect(lines.length).toBeGreaterThan(50);
    expect(JSON.stringify(world.slack.state().messages)).toContain('has not worked yet');
    // The simulators took the very passwords that the store holds sealed.
    expect(places['the messages in Slack']).toContain('Okta: Reset password* verified');
  });

  it('stand nowhere: not in the log, not in Slack, not in a mail or a page, not in the store', async () => {
    expect(findIn(await everything(), secrets)).toEqual([]);
  });

  it('let the link of a mailed notice stand in that mail alone', async () => {
    const token = /\/report\/([\w-]{20,})/.exec(JSON.stringify(world.mail.mailbox()))?.[1] ?? '';
    expect(token).not.toBe('');
    expect(findIn(await everything(), { 'the token': token })).toEqual(['the token in the mails']);
  });
});
