import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Manifest } from '../manifest.js';
import { readYaml } from '../yaml.js';
import type { Channel, User, WorkspaceState } from './model.js';
import { PLANS } from './model.js';

const SeedUser = z.strictObject({
  id: z.string().optional(),
  name: z.string().regex(/^[a-z0-9._-]+$/, 'must be lower case letters, digits, ".", "_" or "-"'),
  real_name: z.string().optional(),
  email: z.string().optional(),
  title: z.string().optional(),
  tz: z.string().optional(),
  color: z.string().optional(),
  phone: z.string().optional(),
  is_admin: z.boolean().optional(),
  is_owner: z.boolean().optional(),
  is_primary_owner: z.boolean().optional(),
  has_2fa: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  deleted: z.boolean().optional(),
});

const SeedChannel = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  /** Names or ids of people; `@app` is the app's bot. */
  members: z.array(z.string()).default([]),
  is_private: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  topic: z.string().default(''),
});

/** The workspace that a run starts with. Ids that are not given are derived from the names, so they stay the same. */
export const SeedDocument = z.strictObject({
  team: z.strictObject({
    id: z.string().optional(),
    name: z.string(),
    domain: z.string(),
    plan: z.enum(PLANS).default('pro'),
    sso_provider: z.object({ type: z.string(), name: z.string(), label: z.string() }).optional(),
  }),
  users: z.array(SeedUser),
  usergroups: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        handle: z.string(),
        name: z.string(),
        description: z.string().default(''),
        users: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  channels: z.array(SeedChannel).default([]),
});
export type Seed = z.input<typeof SeedDocument>;

/** The workspace of whoever gives none. */
export const SMALL_WORKSPACE: Seed = {
  team: { name: 'Sandbox', domain: 'sandbox' },
  users: [
    { name: 'ada', real_name: 'Ada Byron', email: 'ada@sandbox.example' },
    { name: 'ben', real_name: 'Ben Cole', email: 'ben@sandbox.example', is_admin: true },
  ],
  channels: [
    { name: 'general', members: ['ada', 'ben', '@app'] },
    { name: 'random', members: ['ada', 'ben'] },
  ],
};

/**
 * A seed as a person writes it, in YAML or JSON.
 * @throws Error naming the place when it is neither, or has another shape
 */
export function readSeed(text: string): Seed {
  return checked(readYaml(text, "The workspace's seed"));
}

function checked(given: unknown): z.output<typeof SeedDocument> {
  const read = SeedDocument.safeParse(given);
  if (!read.success) throw new Error(`The workspace's seed cannot be used: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** An id in Slack's form, derived from what it names: the same name gives the same id in every run. */
export function derivedId(prefix: string, ...names: string[]): string {
  const digest = createHash('sha256')
    .update([prefix, ...names].join('\n'))
    .digest();
  return `${prefix}0${BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .slice(0, 9)
    .toUpperCase()}`;
}

const COLOURS = ['4bbe2e', '9f69e7', 'e7392d', '3c989f', 'e96699', '2b6836', 'd58247', '5b89d5'];

/** Seconds east of UTC of a zone at an instant, and its long name. */
function zone(tz: string, at: Date): { offset: number; label: string } {
  const read = (timeZoneName: 'longOffset' | 'long') =>
    new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName })
      .formatToParts(at)
      .find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(read('longOffset')) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return { offset: sign === '-' ? -seconds : seconds, label: read('long') };
}

function user(given: z.output<typeof SeedUser>, teamId: string, index: number, at: Date): User {
  const realName = given.real_name ?? given.name;
  const tz = given.tz ?? 'Europe/London';
  const { offset, label } = zone(tz, at);
  const [first = realName, ...rest] = realName.split(' ');
  return {
    id: given.id ?? derivedId('U', given.name),
    team_id: teamId,
    name: given.name,
    deleted: given.deleted ?? false,
    color: given.color ?? COLOURS[index % COLOURS.length] ?? '4bbe2e',
    real_name: realName,
    tz,
    tz_label: label,
    tz_offset: offset,
    profile: {
      title: given.title ?? '',
      phone: given.phone ?? '',
      skype: '',
      real_name: realName,
      real_name_normalized: realName,
      display_name: given.name,
      display_name_normalized: given.name,
      status_text: '',
      status_emoji: '',
      status_expiration: 0,
      avatar_hash: derivedId('g', given.name).toLowerCase(),
      email: given.email,
      first_name: first,
      last_name: rest.join(' '),
      team: teamId,
    },
    is_admin: given.is_admin ?? false,
    is_owner: given.is_owner ?? false,
    is_primary_owner: given.is_primary_owner ?? false,
    is_restricted: given.is_restricted ?? false,
    is_ultra_restricted: false,
    is_bot: false,
    is_app_user: false,
    updated: Math.floor(at.getTime() / 1000),
    is_email_confirmed: true,
    has_2fa: given.has_2fa ?? false,
  };
}

/** @throws Error naming the member when a channel or group lists somebody who is not seeded */
function memberIds(names: readonly string[], users: readonly User[], botUserId: string, where: string): string[] {
  return names.map((name) => {
    if (name === '@app') return botUserId;
    const found = users.find((one) => one.id === name || one.name === name);
    if (!found)
      throw new Error(`The seed's ${where} lists "${name}", who is not among its users: add them or remove it.`);
    return found.id;
  });
}

/**
 * The workspace of a seed with the app installed.
 * @throws Error naming the place when the seed has another shape
 */
export function seededWorkspace(given: Seed, manifest: Manifest, at: Date): WorkspaceState {
  const seed = checked(given);
  const teamId = seed.team.id ?? derivedId('T', seed.team.domain);
  const app = {
    id: derivedId('A', seed.team.domain, manifest.name),
    bot_id: derivedId('B', seed.team.domain, manifest.name),
    bot_user_id: derivedId('U', seed.team.domain, `bot ${manifest.name}`),
  };
  const people = seed.users.map((one, index) => user(one, teamId, index, at));
  const botName = manifest.botName.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '_');
  const bot = user({ id: app.bot_user_id, name: botName, real_name: manifest.botName }, teamId, people.length, at);
  bot.is_bot = true;
  bot.is_email_confirmed = false;
  bot.profile = { ...bot.profile, api_app_id: app.id, bot_id: app.bot_id };
  const created = Math.floor(at.getTime() / 1000);
  const channels: Channel[] = seed.channels.map(({ id, members, ...channel }) => ({
    ...channel,
    id: id ?? derivedId('C', channel.name),
    is_im: false,
    created,
    creator: people[0]?.id ?? app.bot_user_id,
    members: memberIds(members, people, app.bot_user_id, `channel #${channel.name}`),
  }));
  return {
    version: 1,
    counter: 0,
    last_ts_us: 0,
    team: { ...seed.team, id: teamId },
    app,
    users: [...people, bot],
    usergroups: seed.usergroups.map((group) => ({
      ...group,
      id: group.id ?? derivedId('S', group.handle),
      users: memberIds(group.users, people, app.bot_user_id, `user group @${group.handle}`),
    })),
    channels,
    messages: {},
    ephemerals: [],
    views: {},
    homes: {},
    files: [],
    scheduled: [],
    failures: [],
    office: { sessions: [], signed_out: [], access: [], integrations: [], audit: [] },
  };
}
