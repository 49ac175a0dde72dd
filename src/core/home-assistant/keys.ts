/** The two settings of the operator's own Home Assistant; everything else of it follows from them. */
export const homeAssistantKeys = { address: 'HA_HTTP_URL', token: 'HA_TOKEN' } as const;

/** Settings whose value is an address of a Home Assistant. */
export const addressKeys: readonly string[] = [homeAssistantKeys.address, 'NABU_CASA_URL'];
