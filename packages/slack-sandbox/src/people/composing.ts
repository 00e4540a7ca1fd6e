import type { Workspace } from '../workspace/workspace.js';

/** `<@U…>`, `<#C…|name>`, `<!here>`: what a client has resolved already. */
const RESOLVED = /(<(?:[@#][A-Z0-9]+(?:\|[^<>]*)?|![a-z]+(?:\^[^<>]*)?)>)/;
const LINK = /\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"]/g;
const MAIL = /(^|[\s(])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g;
const MENTION = /(^|[\s(])@([a-z0-9._-]*[a-z0-9_])/gi;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function plain(workspace: Workspace, text: string): string {
  return escaped(text)
    .replaceAll(LINK, (url) => `<${url}>`)
    .replaceAll(MAIL, (_all, before: string, mail: string) => `${before}<mailto:${mail}|${mail}>`)
    .replaceAll(MENTION, (all, before: string, name: string) => {
      const user = workspace.userNamed(name.toLowerCase());
      return user ? `${before}<@${user.id}>` : all;
    });
}

/** What Slack makes of typed text: `&<>` escaped, links and addresses wrapped, `@name` resolved. */
export const composed = (workspace: Workspace, text: string): string =>
  text
    .split(RESOLVED)
    .map((part, index) => (index % 2 === 1 ? part : plain(workspace, part)))
    .join('');

/** The text of a command whose manifest says `should_escape`: people and channels as `<@U…|name>`, `<#C…|name>`. */
export const escapedCommand = (workspace: Workspace, text: string): string =>
  text
    .replaceAll(/<@([A-Z0-9]+)>/g, (all, id: string) => {
      const user = workspace.user(id);
      return user ? `<@${id}|${user.name}>` : all;
    })
    .replaceAll(MENTION, (all, before: string, name: string) => {
      const user = workspace.userNamed(name.toLowerCase());
      return user ? `${before}<@${user.id}|${user.name}>` : all;
    })
    .replaceAll(/(^|\s)#([a-z0-9_-]+)/g, (all, before: string, name: string) => {
      const channel = workspace.channelNamed(name);
      return channel ? `${before}<#${channel.id}|${name}>` : all;
    });

/** The text of a command as typed: a client's own `<@U…>` becomes `@name` again. */
export const typedCommand = (workspace: Workspace, text: string): string =>
  text.replaceAll(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (all, id: string) => {
    const user = workspace.user(id);
    return user ? `@${user.name}` : all;
  });
