// @ts-check
/**
 * The shapes the control API hands out, as far as the page reads them.
 *
 * @typedef {Record<string, any>} Json
 * @typedef {{ id: string, name: string, real_name?: string, color?: string, tz?: string, is_bot?: boolean,
 *   is_admin?: boolean, deleted?: boolean, profile?: Json }} User
 * @typedef {{ id: string, name: string, is_im?: boolean, is_private?: boolean, is_archived?: boolean, user?: string,
 *   members: string[], topic?: string | { value: string } }} Channel
 * @typedef {{ type: string, subtype?: string, ts: string, thread_ts?: string, user: string, bot_id?: string,
 *   text: string, blocks?: Json[], edited?: Json, reactions?: { name: string, users: string[], count: number }[],
 *   files?: Json[], reply_count?: number, ephemeral?: boolean }} Message
 * @typedef {{ id: string, type: string, callback_id?: string, title?: Json, submit?: Json, close?: Json,
 *   blocks: Json[], hash?: string }} View
 * @typedef {{ at: string | number, user: string, what: string, message: string }} Failure
 * @typedef {{ command: string, description: string, usage_hint: string }} Command
 * @typedef {{ name: string, type: 'global' | 'message', callback_id: string, description: string }} Shortcut
 * @typedef {{ seq: number, team: { id: string, name: string, domain: string },
 *   app: { id: string, name: string, bot_user_id: string, transport: string | null, connected: boolean,
 *     home_tab: boolean, commands: Command[], shortcuts: Shortcut[] },
 *   users: User[], usergroups: { id: string, handle: string, name: string, users: string[] }[], channels: Channel[],
 *   messages: Record<string, Message[]>, ephemerals: (Message & { channel: string })[],
 *   views: Record<string, View[]>, homes: Record<string, View | null>, delivery_failures: Failure[],
 *   not_simulated: string[] }} State
 * @typedef {{ id: string, title: string, group?: string, status?: { value: string, tone: string },
 *   sections: Json[] }} Panel
 * @typedef {{ id: string, text: string, done: boolean,
 *   go?: { as?: string, channel?: string, panel?: string, label: string } }} Step
 * @typedef {{ panels: Panel[], tour: { steps: Step[], finished_text: string } | null, note: string }} Panels
 */

export {};
