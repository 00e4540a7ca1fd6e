import type { Delivery } from './delivery/delivery.js';
import type { ResponseUrls } from './delivery/response-urls.js';
import type { SocketMode } from './delivery/socket.js';
import type { Triggers } from './delivery/triggers.js';
import type { Faults } from './faults.js';
import type { Journal } from './journal.js';
import type { Manifest } from './manifest.js';
import type { ViewState } from './workspace/model.js';
import type { Workspace } from './workspace/workspace.js';

/** The parts of one running simulator, handed to whoever acts in it. */
export interface Core {
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly socket: SocketMode;
  readonly delivery: Delivery;
  readonly triggers: Triggers;
  readonly responses: ResponseUrls;
  /** Choices made in messages' stateful elements, by `channel/ts`. */
  readonly messageStates: Map<string, ViewState>;
  readonly verificationToken: string;
  /** `http://127.0.0.1:<port>` */
  url(): string;
}
