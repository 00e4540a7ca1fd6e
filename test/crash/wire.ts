import type { Moment } from '../../src/platform/runtime.js';

/** The `nth` time that `moment` comes, the process ends itself as a power cut would. */
export interface KillPoint {
  readonly moment: Moment;
  readonly nth: number;
}

/** What the test tells the app's process. */
export type Order =
  | {
      readonly do: 'start';
      readonly aheadMs: number;
      readonly leaseMs: number;
      readonly lockMs: number;
      readonly kill: KillPoint | null;
      /** Approvers who get a one-time code when they have none. */
      readonly enrol: readonly string[];
    }
  | { readonly do: 'arm'; readonly id: number; readonly kill: KillPoint | null }
  | { readonly do: 'query'; readonly id: number; readonly sql: string; readonly values: readonly unknown[] }
  | { readonly do: 'stop'; readonly id: number };

/** What the app's process tells the test. `seeds`: one-time code seeds by approver, for those enrolled just now. */
export type Word =
  | { readonly say: 'loaded' }
  | { readonly say: 'ready'; readonly seeds: Readonly<Record<string, string>> }
  | { readonly say: 'failed'; readonly why: string }
  | { readonly say: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly say: 'refused'; readonly id: number; readonly why: string };
