/** Of what could be one, with its zone; IPv4 addresses have no colon, and with a port one. */
const ipv6 = /^(?=.*:.*:)[\da-f:.]+(?:%.+)?$/i;

/**
 * Whose requests are counted together: an IPv4 address, or the 64 bits of an IPv6 one that a household is given
 * (RFC 6177), for whoever has these can send each request from another address.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined || !ipv6.test(address)) {
    return address ?? '';
  }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) {
    return mapped;
  }
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const missing = Math.max(0, 8 - groups(head).length - groups(tail).length);
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];

  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
