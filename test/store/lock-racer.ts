import { lockFolder } from '../../src/store/lock.js';
import { systemRuntime } from '../../src/platform/runtime.js';

// Says whether it got the lock, then keeps it until its input ends.
try {
  const lock = await lockFolder(process.argv[2] ?? '', systemRuntime());
  process.stdout.write('held\n');
  process.stdin.resume();
  process.stdin.on('end', () => void lock.release());
} catch (error) {
  process.stdout.write(`refused ${error instanceof Error ? error.message : ''}\n`);
}
