const units: Readonly<Record<string, number>> = { B: 1 / 1024 ** 2, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/** `12.3MiB / 64MiB`, as `docker stats` shows it, in MiB. */
export function parseShownMemory(text: string): readonly number[] {
  return text.split(' / ').map(part => {
    const [, amount = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(part) ?? [];
    return Number(amount) * (units[unit] ?? Number.NaN);
  });
}
