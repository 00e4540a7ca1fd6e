/** `<@U1|name>`, `<https://…|label>`, `<mailto:…|…>`: Slack's form of mentions and links that people type. */
const MARKED = /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g;

/**
 * What a person typed, from the form in which Slack delivers it: links and mentions as they read, `&amp;`, `&lt;` and
 * `&gt;` as characters. The result is untrusted plain text. Source: docs.slack.dev, formatting message text.
 */
export function plainText(slackText: string): string {
  return slackText
    .replace(MARKED, (_, sign: string, target: string, label: string | undefined) => {
      if (sign === '') return label ?? target;
      return `${sign === '!' ? '@' : sign}${label ?? target}`;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
