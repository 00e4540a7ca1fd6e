import { z } from 'zod';
import type { Core } from '../core.js';
import { Refusal } from '../people/refusal.js';
import type { UserTokens } from '../webapi/tokens.js';
import type { User } from '../workspace/model.js';
import { PLANS } from '../workspace/model.js';
import type { Client } from './ledger.js';
import { LOCAL_CLIENT, addApp, failSignIn, note, signIn } from './ledger.js';
import { setActive, setRole } from './standing.js';

const text = z.string();
const Where = z.object({
  ip: text.default(LOCAL_CLIENT.ip),
  country: text.default(LOCAL_CLIENT.country),
  region: text.default(LOCAL_CLIENT.region),
  isp: text.default(LOCAL_CLIENT.isp),
  user_agent: text.default(LOCAL_CLIENT.user_agent),
  device_hardware: text.default(LOCAL_CLIENT.device_hardware),
  os: text.default(LOCAL_CLIENT.os),
  os_version: text.default(LOCAL_CLIENT.os_version),
  slack_client_version: text.default(LOCAL_CLIENT.slack_client_version),
});

const who = { user: z.string() };
/** How many days ago; the present when left out. */
const days_ago = z.number().min(0).default(0);

const Deed = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('plan'), plan: z.enum(PLANS) }),
  z.strictObject({ do: z.literal('sign_in'), ...who, from: Where.prefault({}), days_ago }),
  z.strictObject({ do: z.literal('fail_sign_in'), ...who, from: Where.prefault({}), days_ago }),
  z.strictObject({
    do: z.literal('add_app'),
    ...who,
    name: z.string(),
    scopes: z.array(z.string()).default([]),
    days_ago,
  }),
  z.strictObject({ do: z.literal('role'), ...who, role: z.enum(['member', 'admin', 'owner']), by: z.string() }),
  z.strictObject({ do: z.literal('active'), ...who, active: z.boolean(), by: z.string() }),
  z.strictObject({ do: z.literal('second_factor'), ...who, on: z.boolean() }),
  /** Slack's own security team resets the person's password. */
  z.strictObject({ do: z.literal('reset_password'), ...who, by: z.string() }),
  /** Scopes of a user token; `null` withdraws it. */
  z.strictObject({ do: z.literal('scopes'), token: z.string(), scopes: z.array(z.string()).nullable() }),
]);
export type DeedInput = z.input<typeof Deed>;
type Parsed = z.output<typeof Deed>;

/** What administrators do in Slack's own pages, and what the world does to accounts: no app is involved. */
export class Desk {
  constructor(
    private readonly core: Core,
    private readonly tokens: UserTokens,
  ) {}

  /** @throws Refusal with a code and a sentence */
  do(given: unknown): void {
    const read = Deed.safeParse(given);
    if (!read.success)
      throw new Refusal('invalid_arguments', `The deed cannot be read: ${z.prettifyError(read.error)}`);
    this.#perform(read.data);
  }

  #perform(deed: Parsed): void {
    const { workspace } = this.core;
    switch (deed.do) {
      case 'plan':
        workspace.data.team.plan = deed.plan;
        workspace.changed('user');
        return;
      case 'sign_in':
        signIn(workspace, this.#user(deed.user), deed.from, this.#at(deed.days_ago));
        return;
      case 'fail_sign_in':
        failSignIn(workspace, this.#user(deed.user), deed.from, this.#at(deed.days_ago));
        return;
      case 'add_app':
        addApp(workspace, this.#user(deed.user), deed, this.#at(deed.days_ago));
        return;
      default:
        this.#change(deed);
    }
  }

  #change(deed: Exclude<Parsed, { do: 'plan' | 'sign_in' | 'fail_sign_in' | 'add_app' }>): void {
    switch (deed.do) {
      case 'role':
        setRole(this.core, this.#user(deed.user), deed.role, deed.by);
        return;
      case 'active':
        setActive(this.core, this.#user(deed.user), deed.active, deed.by);
        return;
      case 'second_factor':
        this.#user(deed.user).has_2fa = deed.on;
        this.core.workspace.changed('user');
        return;
      case 'reset_password':
        note(this.core.workspace, 'user_password_reset_slack_security', {
          actor: deed.by,
          entity: this.#user(deed.user).id,
          client: LOCAL_CLIENT,
        });
        this.core.workspace.changed('user');
        return;
      case 'scopes':
        this.tokens.setScopes(deed.token, deed.scopes);
    }
  }

  #user(id: string): User {
    const user = this.core.workspace.user(id);
    if (user && !user.is_bot) return user;
    throw new Refusal('user_not_found', `No person has the id ${id}: look people up in the state.`, 404);
  }

  #at(daysAgo: number): number {
    return this.core.workspace.nowSeconds() - Math.round(daysAgo * 86_400);
  }
}

/** Signs a person in from this machine when their sessions were ended: whoever sits at the page enters the password again. */
export function signInAgain(core: Core, user: User, client: Client = LOCAL_CLIENT): void {
  if (core.workspace.data.office.signed_out.includes(user.id)) signIn(core.workspace, user, client);
}
