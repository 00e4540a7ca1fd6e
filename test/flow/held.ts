import type { Flow } from './flow.js';

const HOLD = [
  `create function hold_steps() returns trigger language plpgsql as $$
   begin
     new.run_after := new.run_after + interval '1 hour';
     return new;
   end $$`,
  `create trigger hold_steps before insert or update on work for each row when (new.name = 'run_step')
   execute function hold_steps()`,
  'alter table work disable trigger hold_steps',
];

export interface Held {
  /** While it is on, steps that are decided wait: what is changed meanwhile is what the worker reads. */
  hold(on: boolean): Promise<void>;
  /** Lets a step run now. */
  run(step: string): Promise<void>;
}

export async function holdSteps(flow: Flow): Promise<Held> {
  for (const statement of HOLD) await flow.app.core.db.query(statement);
  return {
    hold: async (on) => {
      await flow.app.core.db.query(`alter table work ${on ? 'enable' : 'disable'} trigger hold_steps`);
    },
    run: async (step) => {
      await flow.app.core.db.query(
        `update work set status = 'pending', wanted = wanted + 1, run_after = $2 where id = 'run_step_' || $1`,
        [step, flow.world.now()],
      );
      flow.app.core.dispatch();
    },
  };
}
