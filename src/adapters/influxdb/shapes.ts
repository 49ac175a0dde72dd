/** Reads answers without trust: nearly every field is optional in the package's types, and a proxy may answer. */

import type { InfluxAuthorization, InfluxBucket, InfluxOrg, InfluxPermission } from '../../ports/influxdb.ts';
import { ShapeError } from './answer-errors.ts';

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    return value as Fields;
  }
  throw new ShapeError(`${what} is not an object`);
}

function text(fields: Fields, key: string, what: string): string {
  const value = fields[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new ShapeError(`${what} has no ${key}`);
}

const optionalText = (fields: Fields, key: string): string | undefined => {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export function listOf<Item>(answer: unknown, key: string, read: (item: unknown) => Item): readonly Item[] {
  const list = fieldsOf(answer, 'the answer')[key];
  if (!Array.isArray(list)) throw new ShapeError(`the answer has no list of ${key}`);
  return list.map(read);
}

export function readAllowed(answer: unknown): boolean {
  const { allowed } = fieldsOf(answer, 'the answer');
  if (typeof allowed !== 'boolean')
    throw new ShapeError('the answer does not say whether a set-up is allowed');
  return allowed;
}

export function readOrg(answer: unknown): InfluxOrg {
  const fields = fieldsOf(answer, 'the organization');
  return { id: text(fields, 'id', 'the organization'), name: text(fields, 'name', 'the organization') };
}

export function readBucket(answer: unknown): InfluxBucket {
  const fields = fieldsOf(answer, 'the bucket');
  const rules = fields.retentionRules;
  if (!Array.isArray(rules)) throw new ShapeError('the bucket has no retention rules');
  // No rule, or 0 seconds: for ever.
  const rule = rules.length === 0 ? {} : fieldsOf(rules[0], 'the retention rule');
  const { everySeconds = 0, shardGroupDurationSeconds } = rule as Fields;
  if (typeof everySeconds !== 'number') throw new ShapeError('the retention rule has no duration');
  return {
    id: text(fields, 'id', 'the bucket'),
    name: text(fields, 'name', 'the bucket'),
    orgId: text(fields, 'orgID', 'the bucket'),
    retentionSeconds: everySeconds,
    shardGroupSeconds: typeof shardGroupDurationSeconds === 'number' ? shardGroupDurationSeconds : undefined,
  };
}

function readPermission(item: unknown): InfluxPermission {
  const fields = fieldsOf(item, 'the permission');
  const { action } = fields;
  if (action !== 'read' && action !== 'write') throw new ShapeError('the permission has no action');
  const resource = fieldsOf(fields.resource, "the permission's resource");
  return {
    action,
    type: text(resource, 'type', "the permission's resource"),
    id: optionalText(resource, 'id'),
    orgId: optionalText(resource, 'orgID'),
    name: optionalText(resource, 'name'),
    org: optionalText(resource, 'org'),
  };
}

export function readAuthorization(answer: unknown): InfluxAuthorization {
  const fields = fieldsOf(answer, 'the authorization');
  const permissions = fields.permissions;
  if (!Array.isArray(permissions)) throw new ShapeError('the authorization has no permissions');
  return {
    id: text(fields, 'id', 'the authorization'),
    orgId: text(fields, 'orgID', 'the authorization'),
    description: optionalText(fields, 'description') ?? '',
    isActive: fields.status === 'active',
    permissions: permissions.map(readPermission),
  };
}

export const readTokenValue = (answer: unknown): string =>
  text(fieldsOf(answer, 'the authorization'), 'token', 'the authorization');
