/** The three kinds of error. Messages never carry a secret. */

/** Exit codes of every command. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Unsafe, or does not fit. */
  refused: 3,
  nothingToAttach: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What every rendering shows of an error: what was seen, what it means, what to do. */
export type ErrorReport = {
  readonly kind: 'user' | 'external' | 'bug';
  readonly message: string;
  readonly hint?: string;
  readonly nextSteps: readonly string[];
  /** The command or request that failed, without secrets. */
  readonly command?: string;
  readonly status?: number | string;
  /** The last lines of what the other side said, without secrets. */
  readonly tail?: string;
  /** The data whose deletion would mend it, by the name that consents to it. It is deleted only when that is given. */
  readonly deletesData?: string;
  readonly exitCode: ExitCode;
};

type UserErrorDetails = {
  readonly hint?: string;
  readonly nextSteps?: readonly string[];
  readonly deletesData?: string;
  readonly exitCode?: ExitCode;
};

/** Something the operator can mend. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly nextSteps: readonly string[];
  readonly deletesData: string | undefined;
  readonly exitCode: ExitCode;
  constructor(message: string, details: UserErrorDetails = {}) {
    super(message);
    this.name = 'UserError';
    this.hint = details.hint;
    this.nextSteps = details.nextSteps ?? [];
    this.deletesData = details.deletesData;
    this.exitCode = details.exitCode ?? exitCodes.failed;
  }
}

type ExternalErrorDetails = UserErrorDetails & {
  readonly command?: string;
  readonly status?: number | string;
  readonly tail?: string;
  readonly code?: string;
};

/** Docker, Compose, InfluxDB or Home Assistant refused or failed. */
export class ExternalError extends UserError {
  readonly command: string | undefined;
  readonly status: number | string | undefined;
  readonly tail: string | undefined;
  /** The other side's own word for the failure (`conflict`), or the system's (`ECONNREFUSED`): for decisions. */
  readonly code: string | undefined;
  constructor(message: string, details: ExternalErrorDetails = {}) {
    super(message, details);
    this.name = 'ExternalError';
    this.command = details.command;
    this.status = details.status;
    this.tail = details.tail;
    this.code = details.code;
  }
}

/** A state this program believed to be impossible. */
export class BugError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BugError';
  }
}

/** Turns anything thrown into what the renderings show. Unknown errors are reported as bugs. */
export function reportError(thrown: unknown): ErrorReport {
  if (thrown instanceof UserError) {
    return {
      kind: thrown instanceof ExternalError ? 'external' : 'user',
      message: thrown.message,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
      nextSteps: thrown.nextSteps,
      ...(thrown.deletesData === undefined ? {} : { deletesData: thrown.deletesData }),
      ...(thrown instanceof ExternalError
        ? {
            ...(thrown.command === undefined ? {} : { command: thrown.command }),
            ...(thrown.status === undefined ? {} : { status: thrown.status }),
            ...(thrown.tail === undefined ? {} : { tail: thrown.tail }),
          }
        : {}),
      exitCode: thrown.exitCode,
    };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    kind: 'bug',
    message: `Unexpected: ${message}`,
    hint: 'This is a fault of homeiq, not of your machine.',
    nextSteps: ['Run the command again. If it fails again, report it with what you saw.'],
    exitCode: exitCodes.failed,
    ...(thrown instanceof Error && thrown.stack !== undefined
      ? { tail: thrown.stack.split('\n').slice(1, 6).join('\n') }
      : {}),
  };
}
