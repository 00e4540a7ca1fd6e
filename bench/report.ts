import type { Measured } from './messages.js';
import { quantile, rounded } from './statistics.js';
import type { SetupName } from './setups.js';

export interface SetupRun {
  readonly name: SetupName;
  readonly startMs: number;
  /** `null`: not measured. */
  readonly restartMs: number | null;
  readonly idleMb: number | null;
  readonly loadedMb: number | null;
  readonly measured: readonly Measured[];
}

export interface FloorFigures {
  readonly concurrency: number;
  readonly samples: number;
  readonly click_to_effect_p50_ms: number;
  readonly click_to_effect_p95_ms: number;
  readonly click_to_post_p50_ms: number;
  readonly throughput_per_s: number;
  readonly cpu_ms_per_decision: number | null;
}

export interface SetupFigures {
  readonly name: SetupName;
  readonly concurrency: number;
  readonly samples: number;
  readonly click_to_effect_p50_ms: number;
  readonly click_to_effect_p95_ms: number;
  readonly click_to_effect_p50_ratio: number;
  readonly click_to_result_p50_ms: number;
  readonly report_to_thread_p50_ms: number;
  readonly report_to_thread_p95_ms: number;
  readonly report_to_thread_p50_ratio: number;
  readonly throughput_per_s: number;
  readonly throughput_ratio: number;
  /** Processor time of the bot's process for one decision, ms. */
  readonly cpu_ms_per_decision: number | null;
  readonly reports_per_s: number | null;
  /** Submits that were acknowledged later than Slack waits (3 s): the approver sees an error, the decision stands. */
  readonly late_acks: number;
  readonly start_ms: number;
  readonly restart_ms: number | null;
  readonly memory_idle_mb: number | null;
  readonly memory_loaded_mb: number | null;
}

/** What the issue asks of Redis with Postgres. */
export const AIM = { p50Ratio: 4, throughputRatio: 0.3 } as const;

/** `null` for no samples. */
const roundedOrNull = (value: number): number | null => (Number.isNaN(value) ? null : rounded(value));

/** The floor of all rounds together, so that it spans the same time as the set-ups. */
export function floorFigures(rounds: readonly (readonly Measured[])[], concurrency: number): FloorFigures {
  const parts = rounds.flatMap((round) => round.filter((one) => one.concurrency === concurrency));
  const effects = parts.flatMap((one) => one.clickToEffect);
  return {
    concurrency,
    samples: effects.length,
    click_to_effect_p50_ms: rounded(quantile(effects, 0.5)),
    click_to_effect_p95_ms: rounded(quantile(effects, 0.95)),
    click_to_post_p50_ms: rounded(
      quantile(
        parts.flatMap((one) => one.clickToResult),
        0.5,
      ),
    ),
    throughput_per_s: rounded(
      quantile(
        parts.map((one) => one.decisionsPerSecond),
        0.5,
      ),
    ),
    cpu_ms_per_decision: roundedOrNull(
      quantile(
        parts.flatMap((one) => one.cpuMsPerDecision ?? []),
        0.5,
      ),
    ),
  };
}

export function setupFigures(run: SetupRun, floors: readonly FloorFigures[]): SetupFigures[] {
  return run.measured.map((one) => {
    const floor = floors.find(({ concurrency }) => concurrency === one.concurrency);
    if (!floor) throw new Error(`no floor was measured at concurrency ${one.concurrency}`);
    const effect = quantile(one.clickToEffect, 0.5);
    const thread = quantile(one.reportToThread, 0.5);
    return {
      name: run.name,
      concurrency: one.concurrency,
      samples: one.clickToEffect.length,
      click_to_effect_p50_ms: rounded(effect),
      click_to_effect_p95_ms: rounded(quantile(one.clickToEffect, 0.95)),
      click_to_effect_p50_ratio: rounded(effect / floor.click_to_effect_p50_ms),
      click_to_result_p50_ms: rounded(quantile(one.clickToResult, 0.5)),
      report_to_thread_p50_ms: rounded(thread),
      report_to_thread_p95_ms: rounded(quantile(one.reportToThread, 0.95)),
      report_to_thread_p50_ratio: rounded(thread / floor.click_to_post_p50_ms),
      throughput_per_s: rounded(one.decisionsPerSecond),
      throughput_ratio: rounded(one.decisionsPerSecond / floor.throughput_per_s),
      cpu_ms_per_decision: one.cpuMsPerDecision === null ? null : rounded(one.cpuMsPerDecision),
      reports_per_s: one.reportsPerSecond === null ? null : rounded(one.reportsPerSecond),
      late_acks: one.lateAcks,
      start_ms: Math.round(run.startMs),
      restart_ms: run.restartMs === null ? null : Math.round(run.restartMs),
      memory_idle_mb: run.idleMb === null ? null : Math.round(run.idleMb),
      memory_loaded_mb: run.loadedMb === null ? null : Math.round(run.loadedMb),
    };
  });
}

type Cell = string | number | null;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = [head, ...rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))))];
  const widths = head.map((_, column) => Math.max(...text.map((row) => row[column]?.length ?? 0)));
  return text
    .map(
      (row) =>
        `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`,
    )
    .join('\n');
}

const times = (ratio: number): string => `${ratio.toFixed(2)}x`;

function verdict(setups: readonly SetupFigures[]): string {
  const alone = setups.find((one) => one.name === 'redis+postgres' && one.concurrency === 1);
  const together = setups.find((one) => one.name === 'redis+postgres' && one.concurrency > 1);
  if (!alone || !together) return 'Redis with Postgres was not measured.';
  const said = (met: boolean): string => (met ? 'met' : 'MISSED');
  return [
    `Aim, Redis with Postgres: at most ${AIM.p50Ratio}x the floor's click to effect, one at a time: ${times(alone.click_to_effect_p50_ratio)}, ${said(alone.click_to_effect_p50_ratio <= AIM.p50Ratio)}`,
    `     at least ${AIM.throughputRatio}x its throughput, ${together.concurrency} at once: ${times(together.throughput_ratio)}, ${said(together.throughput_ratio >= AIM.throughputRatio)}`,
  ].join('\n');
}

/** Ratios first, then what they are made of. */
export function describe(floors: readonly FloorFigures[], setups: readonly SetupFigures[]): string {
  const ratios = table(
    ['ratio to the floor', 'at once', 'click to effect p50', 'report to thread p50', 'throughput'],
    setups.map((one) => [
      one.name,
      one.concurrency,
      times(one.click_to_effect_p50_ratio),
      times(one.report_to_thread_p50_ratio),
      times(one.throughput_ratio),
    ]),
  );
  const figures = table(
    [
      'figures',
      'at once',
      'samples',
      'effect p50 ms',
      'p95',
      'result p50 ms',
      'report p50 ms',
      'p95',
      'decisions/s',
      'reports/s',
      'late acks',
      'bot CPU ms each',
    ],
    [
      ...floors.map((one) => [
        'floor',
        one.concurrency,
        one.samples,
        one.click_to_effect_p50_ms,
        one.click_to_effect_p95_ms,
        one.click_to_post_p50_ms,
        null,
        null,
        one.throughput_per_s,
        null,
        null,
        one.cpu_ms_per_decision,
      ]),
      ...setups.map((one) => [
        one.name,
        one.concurrency,
        one.samples,
        one.click_to_effect_p50_ms,
        one.click_to_effect_p95_ms,
        one.click_to_result_p50_ms,
        one.report_to_thread_p50_ms,
        one.report_to_thread_p95_ms,
        one.throughput_per_s,
        one.reports_per_s,
        one.late_acks,
        one.cpu_ms_per_decision,
      ]),
    ],
  );
  const process = table(
    ['process', 'first start ms', 'later start ms', 'memory idle MB', 'after the load MB'],
    setups
      .filter((one) => one.concurrency === 1)
      .map((one) => [one.name, one.start_ms, one.restart_ms, one.memory_idle_mb, one.memory_loaded_mb]),
  );
  return [ratios, verdict(setups), figures, process].join('\n\n');
}
