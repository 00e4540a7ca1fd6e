// A Bolt app in HTTP mode: Slack sends it signed requests.
import bolt from '@slack/bolt';

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  signingSecret: process.env.SLACK_SIGNING_SECRET,
});

app.message('hello', async ({ message, say }) => {
  await say(`Hello <@${message.user}>, you said: ${message.text}`);
});

const server = await app.start({ port: 0, host: '127.0.0.1' });
console.log(`listening on ${server.address().port}`);
