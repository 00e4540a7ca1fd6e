import { describeBackends, PGLITE } from '../backends.js';
import { storeSuite } from './suite.js';

describeBackends('the store', [PGLITE], storeSuite);
