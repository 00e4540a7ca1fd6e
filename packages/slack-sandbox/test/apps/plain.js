// A Bolt app as anybody writes it: nothing in it knows of a local Slack.
import bolt from '@slack/bolt';

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
});

app.message('hello', async ({ message, say }) => {
  await say(`Hello <@${message.user}>, you said: ${message.text}`);
});

await app.start();
