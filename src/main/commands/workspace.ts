import type { WebClient } from '@slack/web-api';
import { createLog } from '../../platform/log.js';
import { systemRuntime } from '../../platform/runtime.js';
import type { PeopleDirectory } from '../../ports/directory.js';
import { createRoles, type Roles } from '../../ports/roles.js';
import { createSlackClient, identify } from '../../slack/client.js';
import { createPeopleDirectory, createUserGroupReader } from '../../slack/directory.js';
import { createStandingReader } from '../../slack/standing.js';
import type { Config } from '../config.js';

/** The workspace, as a command sees it that runs beside the app. */
export interface OpenWorkspace {
  readonly workspaceId: string;
  readonly client: WebClient;
  readonly people: PeopleDirectory;
  readonly roles: Roles;
}

/** @throws `without` when no workspace is set; a sentence when Slack does not let us in */
export async function openWorkspace(config: Config, without: string): Promise<OpenWorkspace> {
  if (!config.slack) throw new Error(without);
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY, beside: true });
  const client = createSlackClient(config.slack.botToken, config.slack.apiUrl, log);
  const { teamId } = await identify(client);
  const runtime = systemRuntime();
  return {
    workspaceId: teamId,
    client,
    people: createPeopleDirectory(client, {
      teamId,
      defaultTimeZone: config.workspace.timeZone,
      overrides: config.workspace.people,
    }),
    roles: createRoles(config.workspace.roles, {
      membersOf: createUserGroupReader(client, runtime, log),
      standingOf: createStandingReader(client, { runtime, teamId }),
    }),
  };
}
