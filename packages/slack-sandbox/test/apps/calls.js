/* global fetch, Request, URL */
// Every way in which a Node program without Slack's client calls slack.com; one JSON line with what came back.
import { get as namedGet } from 'node:https';
import https from 'node:https';

const [, , elsewhere] = process.argv;

const textOf = async (response) => {
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text);
};

const byHttps = (send) =>
  new Promise((resolve, reject) => {
    send((response) => resolve(textOf(response))).on('error', reject);
  });

const json = async (response) => (await response).json();
const failure = (promise) => promise.then(String, (error) => error.code ?? error.cause?.code ?? error.message);
const posted = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ way: 'body' }),
};
const agent = new https.Agent({ keepAlive: false });

console.log(
  JSON.stringify({
    text: await json(fetch('https://slack.com/api/api.test?way=text')),
    url: await json(fetch(new URL('https://www.slack.com/api/api.test?way=url'))),
    request: await json(fetch(new Request('https://slack.com/api/api.test', posted))),
    get: await byHttps((then) => https.get('https://slack.com/api/api.test?way=get', then)),
    named: await byHttps((then) => namedGet(new URL('https://slack.com/api/api.test?way=named'), { agent }, then)),
    options: await byHttps((then) =>
      https.request({ hostname: 'slack.com', path: '/api/api.test?way=options', agent, port: 443 }, then).end(),
    ),
    scim: (await fetch('https://api.slack.com/scim/v2/ServiceProviderConfig')).status,
    elsewhere: await (await fetch(`${elsewhere}/fetched`)).text(),
    elsewhereByHttps: await failure(byHttps((then) => https.get(elsewhere.replace('http:', 'https:'), then))),
  }),
);
