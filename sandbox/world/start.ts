import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { type Notme, type Role, startNotme } from '../../src/main/app.js';
import { enrol, isEnrolled } from '../../src/approvals/enrolment.js';
import type { Runtime } from '../../src/platform/runtime.js';
import { createMimecastDirectory, type MimecastDirectory, type UserSeed } from 'identity-sandbox/mimecast';
import { createMailSandbox, type MailSandbox } from '../mail/index.js';
import { createSlackSandbox, type SlackSandbox } from 'slack-sandbox';
import { type DirectoryServer, startDirectoryServer } from './active-directory.js';
import { showCompany } from './company.js';
import { sandboxConfig } from './config.js';
import { createPanels } from './panels.js';
import { ACCOUNTS, APPROVERS, DOMAIN, PEOPLE, RANGE_GROUP, seed, TWO_STEP_GROUP } from './people.js';
import { loadWorld, type SavedWorld, saveWorld } from './saved.js';
import { createPastClock, type PastClock, writeHistory } from './systems/history.js';
import { startSystems } from './systems/index.js';
import { createSkew, type Skew } from './systems/skew.js';
import { ownersToken, slackSystem } from './systems/slack.js';
import type { CompanySystem } from './systems/system.js';
import { watch } from './watch.js';
import type { World } from './world.js';

export interface WorldOptions {
  readonly dataDir: string;
  readonly runtime: Runtime;
  /** Of the page; 0 takes a free one. */
  readonly port: number;
  readonly page: boolean;
  /** Keep the world in the data folder and take it up again. */
  readonly keep: boolean;
  readonly withActiveDirectory?: boolean;
  /** Also Okta, Entra ID, Google Workspace, Keycloak, a SCIM application and Slack; without it Mimecast alone. */
  readonly everySystem?: boolean;
  /** Further accounts in Mimecast. */
  readonly accounts?: readonly UserSeed[];
  /** The app's address for signed requests; `null` for Socket Mode. */
  readonly publicUrl?: string | null;
  readonly progress?: (step: string) => void;
  /** When the local Slack delivers an event again that was not acknowledged; left out: as Slack does. */
  readonly retryDelaysMs?: readonly number[];
  /** How long the app has to ack and to open a view; Slack: 3000. */
  readonly ackMs?: number;
}

const manifestFile = fileURLToPath(new URL('../../manifest.yml', import.meta.url));
const findManifest = (): string => {
  try {
    return readFileSync(manifestFile, 'utf8');
  } catch (error) {
    // Compiled code lies one folder deeper, in dist/.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return readFileSync(fileURLToPath(new URL('../../../manifest.yml', import.meta.url)), 'utf8');
    throw error;
  }
};

const ATTACKER = { actor: 'helpdesk-admin@meadow.example', ip: '198.51.100.23' } as const;

/** Starts the sandbox's systems, not yet the app. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const saved = (options.keep ? loadWorld(options.dataDir) : null) ?? nothingSaved();
  const past = createPastClock(() => options.runtime.now());
  const { clock } = past;
  const { tokens } = saved;
  const keys = {
    slackOwner: `xoxp-${randomBytes(18).toString('hex')}`,
    clientSecret: randomBytes(24).toString('hex'),
    mail: randomBytes(16).toString('hex'),
  };
  options.progress?.('identity systems');
  const mimecastClock = createSkew(clock);
  const mimecast = await createMimecastDirectory({
    users: [...ACCOUNTS, ...(options.accounts ?? [])],
    groups: [{ name: TWO_STEP_GROUP }, { name: RANGE_GROUP.group }],
    clientId: 'notme-sandbox',
    clientSecret: keys.clientSecret,
    clock: mimecastClock.clock,
    ...snapshotOf(saved.mimecast),
  });
  const mail = await createMailSandbox({
    domain: `mg.${DOMAIN}`,
    apiKey: keys.mail,
    clock,
    ...snapshotOf(saved.mail),
  });
  const directories = options.everySystem ? await startSystems(clock, saved.systems) : [];
  const activeDirectory = options.withActiveDirectory
    ? await startDirectoryServer(join(options.dataDir, 'samba'))
    : null;
  options.progress?.('local Slack');
  const holder: { world?: World } = {};
  const worldOf = (): World => {
    if (!holder.world) throw new Error('the sandbox is still starting');
    return holder.world;
  };
  const slack = await createSlackSandbox({
    manifest: findManifest(),
    seed,
    port: options.port,
    clock,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret: tokens.signing,
    userTokens: ownersToken(keys.slackOwner),
    panels: createPanels(worldOf),
    page: options.page,
    ...(options.retryDelaysMs === undefined ? {} : { retryDelaysMs: options.retryDelaysMs }),
    ...(options.ackMs === undefined ? {} : { ackTimeoutMs: options.ackMs, triggerLifeMs: options.ackMs }),
    ...snapshotOf(saved.slack),
  });
  const systems = options.everySystem ? [...directories, slackSystem(slack, keys.slackOwner)] : [];
  if (options.everySystem) writePast(systems, mimecast, { past, saved: saved.systems });
  holder.world = assemble(options, {
    slack,
    mimecast,
    mimecastClock,
    systems,
    mail,
    activeDirectory,
    tokens,
    keys,
    savedSystems: saved.systems,
    phones: { ...saved.phones },
  });
  return holder.world;
}

const nothingSaved = (): SavedWorld => ({
  version: 1,
  slack: null,
  mimecast: null,
  mail: null,
  systems: {},
  tokens: {
    bot: `xoxb-${randomBytes(18).toString('hex')}`,
    app: `xapp-${randomBytes(18).toString('hex')}`,
    signing: randomBytes(16).toString('hex'),
  },
  phones: {},
});

/** Systems that no run has kept yet get a past; Mimecast with the first of them. */
function writePast(
  systems: readonly CompanySystem[],
  mimecast: MimecastDirectory,
  { past, saved }: { past: PastClock; saved: SavedWorld['systems'] },
): void {
  const fresh = systems.filter(({ id }) => !Object.hasOwn(saved, id));
  writeHistory(fresh, past, ATTACKER);
  const first = fresh.length === systems.length;
  if (first)
    writeHistory([{ accounts: () => [], intrude: (email, from) => mimecast.intrude(email, from) }], past, ATTACKER);
}

/** A saved part is handed over as it is: each simulator checks its own snapshot. */
const snapshotOf = (snapshot: unknown): { snapshot: never } | Record<string, never> =>
  snapshot === undefined || snapshot === null ? {} : { snapshot: snapshot as never };

interface Parts {
  readonly slack: SlackSandbox;
  readonly mimecast: MimecastDirectory;
  readonly mimecastClock: Skew;
  readonly systems: readonly CompanySystem[];
  readonly mail: MailSandbox;
  readonly activeDirectory: DirectoryServer | null;
  readonly tokens: SavedWorld['tokens'];
  readonly keys: { readonly clientSecret: string; readonly mail: string };
  /** What the last run left, also of systems that this one does not have. */
  readonly savedSystems: SavedWorld['systems'];
  readonly phones: Record<string, string>;
}

function assemble(options: WorldOptions, parts: Parts): World {
  const { slack, mimecast, systems, mail, activeDirectory, tokens, keys, phones } = parts;
  const now = (): Date => options.runtime.now();
  const setMimecastClock = (ms: number): void => parts.mimecastClock.set(ms);
  const company = showCompany({ mimecast, setMimecastClock, activeDirectory, systems });
  let focus: string = PEOPLE.ada.email;
  const save = (): void => {
    if (!options.keep) return;
    saveWorld(options.dataDir, {
      version: 1,
      slack: slack.snapshot(),
      mimecast: mimecast.snapshot(),
      systems: {
        ...parts.savedSystems,
        ...Object.fromEntries(systems.map((system) => [system.id, system.snapshot()])),
      },
      mail: mail.snapshot(),
      tokens,
      phones,
    });
  };
  const world: World = {
    slack,
    mimecast,
    systems,
    company,
    mail,
    activeDirectory,
    phones,
    now,
    save,
    addresses: {
      slackApiUrl: slack.apiUrl,
      botToken: tokens.bot,
      appToken: tokens.app,
      signingSecret: tokens.signing,
      publicUrl: options.publicUrl ?? null,
      mimecast: { url: mimecast.url, clientId: 'notme-sandbox', clientSecret: keys.clientSecret },
      mail: { url: mail.url, apiKey: keys.mail },
      activeDirectory: activeDirectory?.environment ?? null,
      systems,
    },
    focus: () => focus,
    attack(email) {
      focus = email;
      mimecast.resetByAttacker(email, ATTACKER.actor, ATTACKER.ip);
    },
    async intrude(systemId, email) {
      const system = company.find(({ id }) => id === systemId);
      if (!system) throw new Error(`There is no system ${systemId} in this company.`);
      focus = email;
      await system.intrude(email, ATTACKER);
    },
    close: async () => {
      stopWatching();
      save();
      await Promise.all([slack, mimecast, mail, ...systems].map((part) => part.close()));
      await activeDirectory?.stop();
    },
  };
  const stopWatching = watch(world, options);
  return world;
}

export interface SandboxAppOptions {
  readonly dataDir: string;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly webPort?: number;
  readonly pollSeconds?: number;
  readonly unansweredMinutes?: Readonly<Record<string, number>>;
  readonly watchMinutes?: readonly number[];
  readonly people?: readonly object[];
  readonly neverTouch?: readonly string[];
  /** `workspace.on_call`. */
  readonly onCall?: object;
  /** `workspace.two_approvers` in notme.yml. */
  readonly twoApprovers?: object;
  /** Slack ids of `workspace.roles.administrator` in notme.yml. */
  readonly administrators?: readonly string[];
  /** `workspace.limits_per_hour` in notme.yml. */
  readonly limitsPerHour?: object;
  readonly uncoded?: readonly string[];
  readonly withoutMail?: boolean;
  readonly roles?: readonly Role[];
  readonly leaseMs?: number;
  readonly databaseUrl?: string | null;
  readonly redisUrl?: string | null;
  readonly progress?: (step: string) => void;
}

/** Starts the real app against a world, with a configuration read the ordinary way. */
export async function startAppIn(world: World, options: SandboxAppOptions): Promise<Notme> {
  const config = sandboxConfig(world.addresses, {
    dataDir: options.dataDir,
    webPort: options.webPort ?? 0,
    pollSeconds: options.pollSeconds ?? 2,
    ...(options.unansweredMinutes === undefined ? {} : { unansweredMinutes: options.unansweredMinutes }),
    ...(options.watchMinutes === undefined ? {} : { watchMinutes: options.watchMinutes }),
    ...(options.people === undefined ? {} : { people: options.people }),
    ...(options.neverTouch === undefined ? {} : { neverTouch: options.neverTouch }),
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    twoApprovers: options.twoApprovers,
    limitsPerHour: options.limitsPerHour,
    administrators: options.administrators,
    ...(options.uncoded === undefined ? {} : { uncoded: options.uncoded }),
    ...(options.withoutMail === undefined ? {} : { withoutMail: options.withoutMail }),
    logLevel: 'info',
    databaseUrl: options.databaseUrl ?? null,
    redisUrl: options.redisUrl ?? null,
  });
  const app = await startNotme({
    config,
    runtime: options.runtime,
    log: options.log,
    roles: options.roles ?? ['bot', 'worker'],
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    ...(options.progress ? { progress: options.progress } : {}),
  });
  await enrolApprovers(world, app);
  return app;
}

/** Gives the approvers their one-time codes the way `notme enroll` does; the sandbox keeps the seeds as their phones would. */
async function enrolApprovers(world: World, { core }: Notme): Promise<void> {
  for (const person of APPROVERS) {
    if (world.phones[person.id] !== undefined && (await isEnrolled(core.db, core.workspaceId, person.id))) continue;
    const { workspaceId, runtime, sealer, db: tx } = core;
    const { uri } = await enrol({
      tx,
      runtime,
      sealer,
      workspaceId,
      userId: person.id,
      label: person.email,
      email: person.email,
    });
    const seedText = new URL(uri.reveal()).searchParams.get('secret');
    if (seedText === null) throw new Error('the enrolment holds no seed');
    world.phones[person.id] = seedText;
  }
  world.save();
}
