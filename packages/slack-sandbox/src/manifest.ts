import { z } from 'zod';
import { readYaml } from './yaml.js';

const Command = z.object({
  command: z.string().startsWith('/'),
  description: z.string().default(''),
  usage_hint: z.string().default(''),
  should_escape: z.boolean().default(false),
});

const Shortcut = z.object({
  name: z.string(),
  type: z.enum(['global', 'message']),
  callback_id: z.string(),
  description: z.string().default(''),
});

const AppHome = z.object({
  home_tab_enabled: z.boolean().default(false),
  messages_tab_enabled: z.boolean().default(true),
  messages_tab_read_only_enabled: z.boolean().default(false),
});

const Document = z.object({
  display_information: z.object({ name: z.string().min(1) }),
  features: z
    .object({
      bot_user: z.object({ display_name: z.string() }).optional(),
      app_home: AppHome.prefault({}),
      slash_commands: z.array(Command).default([]),
      shortcuts: z.array(Shortcut).default([]),
    })
    .prefault({}),
  oauth_config: z
    .object({
      scopes: z.object({ bot: z.array(z.string()).default([]), user: z.array(z.string()).default([]) }).prefault({}),
    })
    .prefault({}),
  settings: z
    .object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
      interactivity: z.object({ is_enabled: z.boolean().default(false) }).prefault({}),
      socket_mode_enabled: z.boolean().default(false),
    })
    .prefault({}),
});

/** What the simulator takes from an app's manifest (https://docs.slack.dev/reference/app-manifest). */
export interface Manifest {
  readonly name: string;
  readonly botName: string;
  readonly botScopes: ReadonlySet<string>;
  readonly userScopes: ReadonlySet<string>;
  readonly events: ReadonlySet<string>;
  readonly commands: readonly z.infer<typeof Command>[];
  readonly shortcuts: readonly z.infer<typeof Shortcut>[];
  readonly home: z.infer<typeof AppHome>;
  readonly interactive: boolean;
  readonly socketMode: boolean;
}

/**
 * Reads a manifest as Slack's app configuration would.
 * @throws Error naming the key when the text is not YAML or a key has another shape
 */
export function readManifest(text: string): Manifest {
  const read = Document.safeParse(readYaml(text, 'The app manifest'));
  if (!read.success) throw new Error(`The app manifest cannot be used: ${z.prettifyError(read.error)}`);
  const { display_information: display, features, oauth_config: oauth, settings } = read.data;
  return {
    name: display.name,
    botName: features.bot_user?.display_name ?? display.name,
    botScopes: new Set(oauth.scopes.bot),
    userScopes: new Set(oauth.scopes.user),
    events: new Set(settings.event_subscriptions.bot_events),
    commands: features.slash_commands,
    shortcuts: features.shortcuts,
    home: features.app_home,
    interactive: settings.interactivity.is_enabled,
    socketMode: settings.socket_mode_enabled,
  };
}
