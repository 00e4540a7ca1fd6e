import { describeBackends } from '../backends.js';
import { queueSuite } from '../queue/suite.js';
import { POSTGRES, REDIS, REDIS_CLUSTER, REDIS_SENTINEL } from './backends.js';

describeBackends('the queue', [POSTGRES, REDIS, REDIS_SENTINEL, REDIS_CLUSTER], queueSuite);
