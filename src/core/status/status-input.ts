/** The parts of what the engine says that the status is made of. The engine port's types are these, with more. */

export type ContainerSeen = {
  readonly id: string;
  readonly name: string;
  readonly service: string | undefined;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** `none`: the container has no healthcheck. */
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** Undefined while it has never run or runs now. */
  readonly exitCode: number | undefined;
  /** ISO 8601; undefined when it never started. */
  readonly startedAt: string | undefined;
  /** ISO 8601: when its process ended last; undefined when it never did. */
  readonly endedAt?: string;
  readonly restartCount: number;
  readonly wasKilledForMemory: boolean;
  readonly environment: Readonly<Record<string, string>>;
};

export type EngineEventSeen = {
  readonly action:
    | 'create'
    | 'start'
    | 'kill'
    | 'die'
    | 'oom'
    | 'destroy'
    | 'health'
    | 'pause'
    | 'unpause'
    | 'rename';
  readonly containerId: string;
  readonly service: string | undefined;
  /** For `health`. */
  readonly health: ContainerSeen['health'] | undefined;
  /** For `die`. */
  readonly exitCode: number | undefined;
  /** For `kill`: the number of the signal that somebody had the engine send. */
  readonly signal?: number;
  readonly atMs: number;
};

export type UsageSeen = {
  /** Without page cache that can be dropped, as `docker stats` shows it. */
  readonly memoryMiB: number;
  /** Total CPU time used since the start of the container, in nanoseconds. */
  readonly cpuNs: number;
  readonly sampledAtMs: number;
  /** How many processes of it the kernel killed for memory since it started; undefined where nobody counts. */
  readonly oomKillCount?: number | undefined;
};
