import { expect, it } from '@jest/globals';
import { PEOPLE, startFlow } from './flow.js';

const { ada } = PEOPLE;

it('answers what is under way before it lets go of Slack', async () => {
  const flow = await startFlow();
  const { slack } = flow.world;
  const after = slack.journal().at(-1)?.seq ?? 0;
  slack.faults.add({ target: 'api', method: 'users.info', type: 'latency', ms: 400 });
  await flow.say(ada.id, "I didn't do this");
  // The report is being listened to: Slack is asked who this is.
  await slack.wait({ until: { journal: { kind: 'fault', name: 'users.info', after } } });
  await flow.app.stop();
  const ack = await slack.wait({ until: { journal: { kind: 'ack', name: 'message', after } } });
  expect(ack).toMatchObject({ status: 'acked' });
  await flow.close();
}, 240_000);
