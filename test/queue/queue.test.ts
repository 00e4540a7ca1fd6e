import { describeBackends, PGLITE } from '../backends.js';
import { queueSuite } from './suite.js';

describeBackends('the queue', [PGLITE], queueSuite);
