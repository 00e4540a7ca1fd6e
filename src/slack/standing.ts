import * as z from 'zod';
import type { WebClient } from '@slack/web-api';
import type { Standing } from '../ports/roles.js';
import type { Runtime } from '../platform/runtime.js';
import { slackErrorOf } from './failures.js';

/** Read strictly: what cannot be read says nothing about somebody, and must not pass for "no". */
const flag = z.boolean().nullish();
export const user = z.object({
  id: z.string(),
  team_id: z.string().nullish(),
  deleted: flag,
  is_bot: flag,
  is_workflow_bot: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
  enterprise_user: z.object({ teams: z.array(z.string()).nullish() }).nullish(),
});

/** Slackbot is no bot by its flags. Source: docs.slack.dev, objects/user-object. */
const SLACKBOT = 'USLACKBOT';

/**
 * What a user of Slack's is in this workspace. `is_stranger` marks somebody of another workspace who shares no channel;
 * whoever shares one (Slack Connect) is known by `team_id` alone. On Enterprise Grid a member may carry the team of
 * another workspace of the same company: `enterprise_user.teams` lists all of them. `is_app_user` is not asked: it says
 * that a person authorised the app. Source: docs.slack.dev, objects/user-object.
 */
export function standingOf(answered: unknown, teamId: string): Standing {
  const parsed = user.safeParse(answered);
  if (!parsed.success) return 'unknown';
  const { data } = parsed;
  if (data.deleted) return 'deactivated';
  if (data.is_bot || data.is_workflow_bot || data.id === SLACKBOT) return 'app';
  if (data.is_stranger) return 'stranger';
  const teams = [...(data.team_id ? [data.team_id] : []), ...(data.enterprise_user?.teams ?? [])];
  if (teams.length === 0) return 'unknown';
  if (!teams.includes(teamId)) return 'elsewhere';
  // A single-channel guest carries both flags.
  if (data.is_ultra_restricted) return 'single_channel_guest';
  return data.is_restricted ? 'guest' : 'member';
}

/** Errors of users.info that are an answer. Source: docs.slack.dev, methods/users.info. */
const NOBODY = new Set(['user_not_found', 'user_not_visible']);

/**
 * What somebody is, kept for a short while: asked at each click, at each submit and in each job. Whoever asks at the
 * same time shares one call. @throws when Slack does not answer
 */
export function createStandingReader(
  client: WebClient,
  {
    runtime,
    teamId,
    keepMs = 15_000,
  }: { readonly runtime: Runtime; readonly teamId: string; readonly keepMs?: number },
): (slackUserId: string) => Promise<Standing> {
  const known = new Map<string, { readonly until: number; readonly standing: Promise<Standing> }>();

  async function ask(id: string): Promise<Standing> {
    try {
      const { user: answered } = await client.users.info({ user: id });
      return standingOf(answered, teamId);
    } catch (error) {
      const code = slackErrorOf(error);
      if (code !== null && NOBODY.has(code)) return 'unknown';
      known.delete(id);
      throw error;
    }
  }

  return (id) => {
    const now = runtime.now().getTime();
    const hit = known.get(id);
    if (hit && now < hit.until) return hit.standing;
    for (const [old, { until }] of known) if (until <= now) known.delete(old);
    const standing = ask(id);
    known.set(id, { until: now + keepMs, standing });
    return standing;
  };
}
