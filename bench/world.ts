/** The simulators and the people who click, in a process of their own: what they cost falls on no bot's side. */
import { setTimeout as pause } from 'node:timers/promises';
import { createMimecastDirectory, type MimecastDirectory } from 'identity-sandbox/mimecast';
import { createSlackSandbox, type SlackSandbox } from 'slack-sandbox';
import { CHANNEL_ID, type Person, peopleOf, seedOf, TWO_STEP_GROUP } from './company.js';
import { ask, type Told, type WorldSettings, worldSettings } from './messages.js';
import { play } from './play.js';
import { BenchPlayer } from './player.js';
import { Screen } from './screen.js';

const CREDENTIALS = { clientId: 'bench', clientSecret: 'bench-client-secret' } as const;
const clock = (): Date => new Date();

const tell = (message: Told): void => {
  process.send?.(message);
};

async function startDirectory(
  people: readonly Person[],
  settings: WorldSettings,
  screen: () => Screen,
): Promise<MimecastDirectory> {
  const directory = await createMimecastDirectory({
    users: people.map(({ email, realName }) => ({ email, name: realName })),
    groups: [{ name: TWO_STEP_GROUP }],
    ...CREDENTIALS,
    clock,
    rateLimit: null,
  });
  const byEmail = new Map(people.map((person) => [person.email, person.index]));
  directory.hooks.beforeEffect = async () => {
    if (settings.directoryMs > 0) await pause(settings.directoryMs);
  };
  directory.hooks.afterEffect = ({ email }) => {
    screen().saw('effect', byEmail.get(email.toLowerCase()) ?? -1);
    return Promise.resolve();
  };
  return directory;
}

async function main(): Promise<void> {
  const settings = worldSettings.parse(JSON.parse(process.argv[2] ?? '{}'));
  const people = peopleOf(settings.people);
  const slack = await createSlackSandbox({ manifest: settings.manifest, seed: seedOf(people), page: false, clock });
  const screen = new Screen(slack);
  const directory = await startDirectory(people, settings, () => screen);
  const stage = { player: new BenchPlayer(slack), screen, people };
  process.on('message', (message) => {
    const asked = ask.parse(message);
    if (asked.do === 'measure') {
      play(stage, asked)
        .then((results) => tell({ told: 'done', results }))
        .catch((error: unknown) =>
          tell({ told: 'failed', why: error instanceof Error ? error.message : String(error) }),
        );
    } else {
      void end(slack, directory);
    }
  });
  const { apiUrl: slackApiUrl, botToken, appToken } = slack;
  tell({
    told: 'ready',
    addresses: { slackApiUrl, botToken, appToken, channel: CHANNEL_ID, mimecastUrl: directory.url, ...CREDENTIALS },
  });
}

async function end(slack: SlackSandbox, directory: MimecastDirectory): Promise<void> {
  await Promise.all([slack.close(), directory.close()]);
  process.exit(0);
}

await main();
