/**
 * The part of the Home Assistant stand-in that must survive a restart: onboarding, users, codes and tokens.
 * Kept in one file of the data folder, as Home Assistant keeps its own under /config/.storage.
 */

import { createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const onboardingSteps = ['user', 'core_config', 'analytics', 'integration'] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];

const accessLifetimeSeconds = 1800;
const daySeconds = 86_400;

type Grant = {
  readonly id: string;
  readonly key: string;
  readonly clientId: string;
  /** Set for a long-lived token; Home Assistant refuses a second one of the same name. */
  readonly clientName?: string;
  readonly refreshToken?: string;
};

type AccountRecord = {
  readonly doneSteps: readonly OnboardingStep[];
  readonly username?: string;
  /** Salt and hash of the user's password, in hex. */
  readonly password?: { readonly salt: string; readonly hash: string };
  readonly grants: readonly Grant[];
};

type IssuedToken = {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly refresh_token?: string;
  readonly expires_in: number;
};

export type HomeAssistantUser = { readonly username: string; readonly password: string };

export type HomeAssistantAccount = {
  readonly doneSteps: () => readonly OnboardingStep[];
  /** False when the step was done before. */
  readonly finishStep: (step: OnboardingStep, user?: HomeAssistantUser) => Promise<boolean>;
  readonly isUser: (user: HomeAssistantUser) => boolean;
  /** A code that can be changed for a token once, by this client only. */
  readonly createCode: (clientId: string) => string;
  /** Undefined: the code is unknown, used, or another client's. */
  readonly redeemCode: (clientId: string, code: string) => Promise<IssuedToken | undefined>;
  readonly refresh: (clientId: string, refreshToken: string) => IssuedToken | undefined;
  /** Undefined: there is one of this name already. */
  readonly createLongLivedToken: (clientName: string, lifespanDays: number) => Promise<string | undefined>;
  readonly isAccepted: (accessToken: string) => boolean;
};

const base64Url = (text: string): string => Buffer.from(text).toString('base64url');
const sign = (text: string, key: string): string =>
  createHmac('sha256', key).update(text).digest('base64url');

/** A token shaped like Home Assistant's: 183 characters, signed with the key of its grant. */
function createJwt(grant: Grant, lifetimeSeconds: number, nowSeconds: number): string {
  const head = base64Url('{"alg":"HS256","typ":"JWT"}');
  const body = base64Url(
    JSON.stringify({ iss: grant.id, iat: nowSeconds, exp: nowSeconds + lifetimeSeconds }),
  );
  return `${head}.${body}.${sign(`${head}.${body}`, grant.key)}`;
}

const hashPassword = (password: string, salt: string): string =>
  scryptSync(password, salt, 32).toString('hex');

function isEqual(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

function isValidJwt(token: string, grants: readonly Grant[], nowSeconds: number): boolean {
  const [head, body, signature] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined) {
    return false;
  }
  let claims: { readonly iss?: unknown; readonly exp?: unknown };
  try {
    claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  } catch {
    return false;
  }
  const grant = grants.find(candidate => candidate.id === claims.iss);
  return (
    grant !== undefined &&
    isEqual(signature, sign(`${head}.${body}`, grant.key)) &&
    typeof claims.exp === 'number' &&
    claims.exp > nowSeconds
  );
}

async function readRecord(file: string): Promise<AccountRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Opens the account kept in `dataFolder`, or starts a fresh one.
 * With `knownToken` every onboarding step counts as done and that value is accepted as a long-lived token.
 */
export async function openHomeAssistantAccount(
  dataFolder: string,
  knownToken: string | undefined,
): Promise<HomeAssistantAccount> {
  const file = join(dataFolder, 'stand-in-home-assistant.json');
  await mkdir(dataFolder, { recursive: true });
  const codes = new Map<string, string>();
  let record: AccountRecord = (await readRecord(file)) ?? {
    doneSteps: knownToken === undefined ? [] : onboardingSteps,
    grants: [],
  };
  let lastSave: Promise<void> = Promise.resolve();

  function save(next: AccountRecord): Promise<void> {
    record = next;
    lastSave = lastSave.then(async () => {
      await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
      await rename(`${file}.new`, file);
    });
    return lastSave;
  }

  const nowSeconds = (): number => Math.floor(Date.now() / 1000);
  const createGrant = (rest: Omit<Grant, 'id' | 'key'>): Grant => ({
    id: randomBytes(16).toString('hex'),
    key: randomBytes(32).toString('hex'),
    ...rest,
  });

  return {
    doneSteps: () => record.doneSteps,
    finishStep: async (step, user) => {
      if (record.doneSteps.includes(step)) {
        return false;
      }
      const salt = randomBytes(16).toString('hex');
      await save({
        ...record,
        doneSteps: [...record.doneSteps, step],
        ...(user === undefined
          ? {}
          : { username: user.username, password: { salt, hash: hashPassword(user.password, salt) } }),
      });
      return true;
    },
    isUser: ({ username, password }) =>
      record.username === username &&
      record.password !== undefined &&
      isEqual(record.password.hash, hashPassword(password, record.password.salt)),
    createCode: clientId => {
      const code = randomBytes(16).toString('hex');
      codes.set(code, clientId);
      return code;
    },
    redeemCode: async (clientId, code) => {
      if (codes.get(code) !== clientId) {
        return undefined;
      }
      codes.delete(code);
      const refreshToken = randomBytes(64).toString('hex');
      const grant = createGrant({ clientId, refreshToken });
      await save({ ...record, grants: [...record.grants, grant] });
      return {
        access_token: createJwt(grant, accessLifetimeSeconds, nowSeconds()),
        token_type: 'Bearer',
        refresh_token: refreshToken,
        expires_in: accessLifetimeSeconds,
      };
    },
    refresh: (clientId, refreshToken) => {
      const grant = record.grants.find(
        candidate => candidate.refreshToken === refreshToken && candidate.clientId === clientId,
      );
      return grant === undefined
        ? undefined
        : {
            access_token: createJwt(grant, accessLifetimeSeconds, nowSeconds()),
            token_type: 'Bearer',
            expires_in: accessLifetimeSeconds,
          };
    },
    createLongLivedToken: async (clientName, lifespanDays) => {
      if (record.grants.some(grant => grant.clientName === clientName)) {
        return undefined;
      }
      const grant = createGrant({ clientId: '', clientName });
      await save({ ...record, grants: [...record.grants, grant] });
      return createJwt(grant, lifespanDays * daySeconds, nowSeconds());
    },
    isAccepted: accessToken =>
      (knownToken !== undefined && isEqual(accessToken, knownToken)) ||
      isValidJwt(accessToken, record.grants, nowSeconds()),
  };
}
