import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACTORS, type Actor, ALIVE_GROUP, LOCKED, TEAM } from './roles.js';

const PEOPLE: readonly Actor[] = [...Object.values(ACTORS), LOCKED];

/** A Slack over HTTP that knows the people of the matrix, and counts the windows that it is asked to open. */
export class PlayedSlack {
  windows = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const method = request.url?.split('/').at(-1) ?? '';
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ok: true, ...this.#answer(method, new URLSearchParams(body)) }));
      });
    });
  }

  static async open(): Promise<PlayedSlack> {
    const slack = new PlayedSlack();
    // Cells may lie further apart than a connection is kept: it would end while it is written to.
    slack.#server.keepAliveTimeout = 0;
    slack.#server.listen(0, '127.0.0.1');
    await once(slack.#server, 'listening');
    return slack;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/`;
  }

  #answer(method: string, form: URLSearchParams): object {
    switch (method) {
      case 'users.info':
        return person(PEOPLE.find(({ id }) => id === form.get('user')));
      case 'users.lookupByEmail':
        return person(PEOPLE.find(({ email }) => email !== null && email === form.get('email')));
      case 'usergroups.users.list':
        return form.get('usergroup') === ALIVE_GROUP
          ? { users: [ACTORS.group_approver.id] }
          : { ok: false, error: 'no_such_subteam' };
      case 'views.open':
        this.windows += 1;
        return { view: { id: `V${this.windows}` } };
      default:
        return { channel: 'C0SECURITY', ts: '1.0', channels: [], messages: [] };
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

function person(known: Actor | undefined): object {
  if (!known) return { ok: false, error: 'user_not_found' };
  const { id, email, flags } = known;
  return { user: { id, team_id: TEAM, real_name: id, profile: email === null ? {} : { email }, ...flags } };
}
