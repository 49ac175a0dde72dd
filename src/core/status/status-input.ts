/** The parts of what the engine says that the status is made of. The engine port's types have them and more. */

export type ContainerSeen = {
  readonly id: string;
  readonly name: string;
  readonly service: string | undefined;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly exitCode: number | undefined;
  /** ISO 8601. */
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
  readonly health: ContainerSeen['health'] | undefined;
  readonly exitCode: number | undefined;
  readonly signal?: number;
  readonly atMs: number;
};

export type UsageSeen = {
  readonly memoryMiB: number;
  readonly cpuNs: number;
  readonly sampledAtMs: number;
  readonly oomKillCount?: number | undefined;
};
