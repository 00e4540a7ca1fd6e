import type { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import { saidIssue } from '../../platform/said-issue.js';
import type { Connector } from '../../ports/connector.js';
import type { ConnectorLog } from './log.js';

type Keys = Readonly<Record<string, z.ZodType>>;
type Values = Readonly<Record<string, unknown>>;

/** One system as it was configured. */
export interface Configured {
  readonly system: string;
  /** Parsed; only the connector knows what they are. */
  readonly settings: unknown;
  /** How often it is polled for events, in seconds; `null`: as often as the others. */
  readonly pollSeconds: number | null;
  connect(runtime: Runtime, log: ConnectorLog): Connector;
}

/** What is wrong with settings: zod's issues, and what was only half configured. */
export interface Misconfigured {
  readonly title: string;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** A key that may be in the environment, with one line for `.env.example`. */
interface Variable {
  readonly about: string;
  readonly secret: boolean;
}
export const open = (about: string): Variable => ({ about, secret: false });
export const secret = (about: string): Variable => ({ about, secret: true });

/** One entry of the registry: everything that the app knows about an identity system without knowing the system. */
export interface System {
  /** The section of notme.yml, and the id in store and metrics; of a list, their prefix: `scim_<id>`. */
  readonly id: string;
  readonly title: string;
  /** Prefix of its variables: `OKTA` for `OKTA_BASE_URL`. */
  readonly prefix: string;
  /** Every key that its settings accept. */
  readonly keys: Keys;
  /** The keys that may be in the environment, secret ones only there; in the order of `.env.example`. */
  readonly environment: Readonly<Record<string, Variable>>;
  /** Set when there may be several: the variable that holds the secret of each by its `id`. */
  readonly list: { readonly variable: string; readonly secret: string; readonly about: string } | null;
  configure(values: Values): Result<Configured, Misconfigured>;
  /**
   * With everything prepared that an administrator can prepare, and credentials that open nothing. Nothing is called.
   */
  sample(runtime: Runtime): Connector;
}

interface Described<Settings> extends Omit<System, 'configure' | 'sample' | 'list' | 'environment'> {
  readonly settings: z.ZodType<Settings>;
  readonly environment?: System['environment'];
  readonly list?: System['list'];
  /** What these values are half of, where the system has several kinds of settings. */
  readonly titleOf?: (values: Values) => string;
  readonly pollSeconds?: (settings: Settings) => number | undefined;
  readonly create: (settings: Settings, runtime: Runtime, log: ConnectorLog) => Connector;
  /** For the pages that show what a connector can do. */
  readonly sample: () => Values;
}

/** An entry of the registry from a system's own settings and connector; nobody else learns what the settings are. */
export function defineSystem<Settings>(described: Described<Settings>): System {
  const { id, title, prefix, keys, environment = {}, list = null, settings, create, sample } = described;
  return {
    id,
    title,
    prefix,
    keys,
    environment,
    list,
    configure(values) {
      const parsed = settings.safeParse(values, { error: saidIssue });
      if (!parsed.success) return err({ title: described.titleOf?.(values) ?? title, issues: parsed.error.issues });
      const { data } = parsed;
      return ok({
        system: list === null ? id : `${id}_${String(values['id'])}`,
        settings: data,
        pollSeconds: described.pollSeconds?.(data) ?? null,
        connect: (runtime, log) => create(data, runtime, log),
      });
    },
    sample: (runtime) => create(settings.parse(sample()), runtime, {}),
  };
}
