/** InfluxDB 2 over HTTP. Every call is one request; nothing here retries or decides. */

/** What answers at the address. */
export type InfluxIdentity =
  | { readonly kind: 'influxdb2'; readonly version: string }
  | { readonly kind: 'influxdb1' | 'influxdb3' | 'cloud'; readonly version: string | undefined }
  | { readonly kind: 'other'; readonly seen: string }
  /** Nothing listens, or it is still starting. */
  | { readonly kind: 'not-ready'; readonly seen: string };

export type InfluxOrg = { readonly id: string; readonly name: string };
export type InfluxBucket = {
  readonly id: string;
  readonly name: string;
  readonly orgId: string;
  /** 0: for ever. */
  readonly retentionSeconds: number;
  readonly shardGroupSeconds: number | undefined;
};
export type InfluxPermission = {
  readonly action: 'read' | 'write';
  readonly type: string;
  readonly id: string | undefined;
  readonly orgId: string | undefined;
  readonly name: string | undefined;
  readonly org: string | undefined;
};
export type InfluxAuthorization = {
  readonly id: string;
  readonly orgId: string;
  readonly description: string;
  readonly isActive: boolean;
  readonly permissions: readonly InfluxPermission[];
};

/** What the server counts of one shard of a bucket. */
export type ShardCounter = {
  readonly bucketId: string;
  readonly shardId: string;
  /** Written since the server started. */
  readonly points: number;
  /** On disk. */
  readonly bytes: number;
};

/** What a token may do with a bucket, seen without writing a point. */
export type BucketAccess = {
  readonly read: boolean;
  readonly write: boolean;
  readonly isTokenKnown: boolean;
};

/**
 * What a token is, asked without changing anything. `operator`: it may make organizations. `inactive`: it, or the user
 * that it belongs to, was switched off.
 */
export type TokenStanding = 'operator' | 'limited' | 'inactive' | 'unknown';

/** A sign-in with a password; good for an hour, or until it is signed out. A secret. */
export type InfluxSession = { readonly cookie: string };

/** A token's value, or a sign-in. */
export type InfluxCredential = string | InfluxSession;

export type Influx = {
  readonly url: string;
  readonly identify: (signal?: AbortSignal) => Promise<InfluxIdentity>;
  readonly isSetupAllowed: (signal?: AbortSignal) => Promise<boolean>;
  /** `POST /api/v2/setup` with a chosen operator token. */
  readonly setup: (
    request: {
      readonly username: string;
      readonly password: string;
      readonly org: string;
      readonly bucket: string;
      readonly retentionSeconds: number;
      readonly token: string;
    },
    signal?: AbortSignal,
  ) => Promise<void>;
  readonly tokenStanding: (token: string, signal?: AbortSignal) => Promise<TokenStanding>;
  /** Throws an ExternalError with status 401 when the name or the password is wrong. */
  readonly signIn: (username: string, password: string, signal?: AbortSignal) => Promise<InfluxSession>;
  readonly signOut: (session: InfluxSession, signal?: AbortSignal) => Promise<void>;
  /** The first hundred that the credential may see. */
  readonly listOrgs: (credential: InfluxCredential, signal?: AbortSignal) => Promise<readonly InfluxOrg[]>;
  /** Undefined when there is none (404 or an empty list). */
  readonly findOrg: (token: string, name: string, signal?: AbortSignal) => Promise<InfluxOrg | undefined>;
  readonly createOrg: (token: string, name: string, signal?: AbortSignal) => Promise<InfluxOrg>;
  readonly renameOrg: (token: string, id: string, name: string, signal?: AbortSignal) => Promise<void>;
  readonly findBucket: (
    token: string,
    orgId: string,
    name: string,
    signal?: AbortSignal,
  ) => Promise<InfluxBucket | undefined>;
  /** Those of the organization that the token may read; the first hundred. */
  readonly listBuckets: (
    token: string,
    org: string,
    signal?: AbortSignal,
  ) => Promise<readonly InfluxBucket[]>;
  readonly createBucket: (
    token: string,
    request: {
      readonly orgId: string;
      readonly name: string;
      readonly retentionSeconds: number;
      readonly shardGroupSeconds: number;
      readonly description: string;
    },
    signal?: AbortSignal,
  ) => Promise<InfluxBucket>;
  readonly renameBucket: (token: string, id: string, name: string, signal?: AbortSignal) => Promise<void>;
  /** A shorter retention deletes data. `retentionSeconds` 0: for ever. */
  readonly changeRetention: (
    token: string,
    id: string,
    retention: { readonly retentionSeconds: number; readonly shardGroupSeconds: number },
    signal?: AbortSignal,
  ) => Promise<void>;
  /** All that the token may see; of every organization when none is given. */
  readonly listAuthorizations: (
    token: string,
    orgId: string | undefined,
    signal?: AbortSignal,
  ) => Promise<readonly InfluxAuthorization[]>;
  /** The token's value is in this answer only. */
  readonly createAuthorization: (
    token: string,
    request: { readonly orgId: string; readonly description: string; readonly bucketIds: readonly string[] },
    signal?: AbortSignal,
  ) => Promise<{ readonly authorization: InfluxAuthorization; readonly token: string }>;
  /** A token that may do everything on the server. Its value is in this answer only. */
  readonly createOperatorAuthorization: (
    credential: InfluxCredential,
    request: { readonly orgId: string; readonly description: string },
    signal?: AbortSignal,
  ) => Promise<{ readonly id: string; readonly token: string }>;
  readonly changeAuthorization: (
    token: string,
    id: string,
    change: { readonly isActive?: boolean; readonly description?: string },
    signal?: AbortSignal,
  ) => Promise<void>;
  readonly deleteAuthorization: (token: string, id: string, signal?: AbortSignal) => Promise<void>;
  /** An empty write and a look-up by name: changes nothing. */
  readonly probeAccess: (
    token: string,
    org: string,
    bucket: string,
    signal?: AbortSignal,
  ) => Promise<BucketAccess>;
  readonly writeLine: (
    token: string,
    org: string,
    bucket: string,
    line: string,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Rows of a Flux query, as text by column. */
  readonly query: (
    token: string,
    org: string,
    flux: string,
    signal?: AbortSignal,
  ) => Promise<readonly Readonly<Record<string, string>>[]>;
  /** From the server's own metrics, without a token. Undefined when it does not publish them. */
  readonly shardCounters: (
    signal?: AbortSignal,
  ) => Promise<{ readonly counters: readonly ShardCounter[]; readonly answerBytes: number } | undefined>;
};
