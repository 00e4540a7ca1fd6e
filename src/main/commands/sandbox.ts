export interface SandboxFlags {
  readonly dataDir: string;
  readonly port: number;
  readonly fresh: boolean;
  readonly withAd: boolean;
  readonly systems: 'all' | 'mimecast';
  readonly verbose: boolean;
}

export interface DrillFlags {
  readonly scenario: 'journey' | 'everything' | 'four-eyes' | 'doubtful';
  readonly json: boolean;
  readonly withAd: boolean;
}

/** Plays a workspace around the app. It is part of the repository but not of an installation. */
export interface Sandbox {
  /** Runs until a signal ends it. */
  start(flags: SandboxFlags): Promise<void>;
  drill(flags: DrillFlags): Promise<void>;
}

/** @throws a sentence that names the fix where there is no sandbox */
export function theSandbox(sandbox: Sandbox | null): Sandbox {
  if (sandbox !== null) return sandbox;
  throw new Error(
    'The sandbox is not part of this installation. Nothing was started. Set the Slack tokens to start a real workspace ' +
      '(SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET with PUBLIC_URL). To play in the sandbox, clone the ' +
      'repository with its development dependencies: npm ci && npm start',
  );
}
