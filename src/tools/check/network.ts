type Words = { found: string; mend: string }

const REFUSED: Words = {
  found: 'nothing listens there',
  mend: 'Check address and port, and whether it is running.',
}
const NAME: Words = {
  found: 'its name is unknown to DNS',
  mend: 'Check the spelling, and the DNS entry.',
}
const SILENT: Words = {
  found: 'it does not answer in time',
  mend: 'Check whether it is running and whether a firewall lies between.',
}
const CERTIFICATE: Words = {
  found: 'its TLS certificate is not accepted',
  mend: 'Install a certificate for that very name, with its intermediate ones, that has not expired.',
}
const CUT: Words = {
  found: 'it closed the connection without an answer',
  mend: 'Check http or https in the address, and the proxy in front of it.',
}
const NO_WAY: Words = {
  found: 'there is no way to it from here',
  mend: 'Check the network of this machine.',
}

/** The system's codes for "no answer", in words. */
const WORDS: Readonly<Record<string, Words>> = {
  ECONNREFUSED: REFUSED,
  ENOTFOUND: NAME,
  EAI_AGAIN: NAME,
  TIMEOUT: SILENT,
  ETIMEDOUT: SILENT,
  UND_ERR_CONNECT_TIMEOUT: SILENT,
  CERT_HAS_EXPIRED: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
  UND_ERR_SOCKET: CUT,
  ECONNRESET: CUT,
  EPROTO: CUT,
  ENETUNREACH: NO_WAY,
  EHOSTUNREACH: NO_WAY,
}

/** Why no answer came, and what to look at. */
export function describeNetwork(code: unknown): Words {
  const other = { found: `no answer (${String(code)})`, mend: 'Check the address and the network.' }
  return WORDS[String(code)] ?? other
}
