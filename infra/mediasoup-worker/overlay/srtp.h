#pragma once
// The part of libsrtp 3's interface that mediasoup-worker uses, over libsrtp 2, which is what Debian packages.
//
// Version 3 writes its result to a buffer of the caller's and takes an opaque policy; version 2 works in place and
// takes a struct. The macros at the end give the new names their old meaning after libsrtp 2's header was read.
#include <srtp2/srtp.h>
#include <cstddef>
#include <cstdint>
#include <cstring>

// Error codes that version 2 does not have; it never answers them.
constexpr srtp_err_status_t srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr srtp_err_status_t srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

namespace srtp3
{
	struct policy
	{
		srtp_policy_t p{};
		unsigned char key[SRTP_MAX_KEY_LEN]{};
	};

	using InPlace = srtp_err_status_t (*)(srtp_t, void*, int*);

	// Runs an in-place function of version 2 on a copy in `out`; `room` is how much longer it may make the packet.
	inline srtp_err_status_t apply(
	  InPlace function, srtp_t session, const uint8_t* in, size_t len, uint8_t* out, size_t* outLen, size_t room)
	{
		if (len + room > *outLen)
		{
			return srtp_err_status_buffer_small;
		}
		if (in != out)
		{
			std::memcpy(out, in, len);
		}

		int length       = static_cast<int>(len);
		const auto error = function(session, out, &length);

		*outLen = static_cast<size_t>(length);

		return error;
	}

	inline srtp_err_status_t protect(
	  srtp_t session, const uint8_t* in, size_t len, uint8_t* out, size_t* outLen, size_t /*mki*/)
	{
		return apply(srtp_protect, session, in, len, out, outLen, SRTP_MAX_TRAILER_LEN);
	}

	inline srtp_err_status_t unprotect(
	  srtp_t session, const uint8_t* in, size_t len, uint8_t* out, size_t* outLen)
	{
		return apply(srtp_unprotect, session, in, len, out, outLen, 0);
	}

	inline srtp_err_status_t protect_rtcp(
	  srtp_t session, const uint8_t* in, size_t len, uint8_t* out, size_t* outLen, size_t /*mki*/)
	{
		// RTCP carries a 32-bit index besides the trailer (RFC 3711, section 3.4).
		return apply(srtp_protect_rtcp, session, in, len, out, outLen, SRTP_MAX_TRAILER_LEN + 4);
	}

	inline srtp_err_status_t unprotect_rtcp(
	  srtp_t session, const uint8_t* in, size_t len, uint8_t* out, size_t* outLen)
	{
		return apply(srtp_unprotect_rtcp, session, in, len, out, outLen, 0);
	}

	inline srtp_err_status_t policy_create(policy** created)
	{
		*created = new policy();

		return srtp_err_status_ok;
	}

	inline void policy_destroy(policy* p)
	{
		delete p;
	}

	inline srtp_err_status_t policy_set_ssrc(policy* p, srtp_ssrc_t ssrc)
	{
		p->p.ssrc = ssrc;

		return srtp_err_status_ok;
	}

	inline srtp_err_status_t policy_set_profile(policy* p, srtp_profile_t profile)
	{
		const auto error = srtp_crypto_policy_set_from_profile_for_rtp(&p->p.rtp, profile);

		return error ? error : srtp_crypto_policy_set_from_profile_for_rtcp(&p->p.rtcp, profile);
	}

	inline srtp_err_status_t policy_add_key(
	  policy* p, const uint8_t* key, size_t keyLen, const uint8_t* salt, size_t saltLen, const uint8_t* /*mki*/, size_t /*mkiLen*/)
	{
		if (keyLen + saltLen > sizeof(p->key))
		{
			return srtp_err_status_bad_param;
		}

		std::memcpy(p->key, key, keyLen);
		std::memcpy(p->key + keyLen, salt, saltLen);
		p->p.key = p->key;

		return srtp_err_status_ok;
	}

	inline srtp_err_status_t policy_set_allow_repeat_tx(policy* p, bool allowed)
	{
		p->p.allow_repeat_tx = allowed;

		return srtp_err_status_ok;
	}

	inline srtp_err_status_t policy_set_window_size(policy* p, size_t size)
	{
		p->p.window_size = size;

		return srtp_err_status_ok;
	}

	inline srtp_err_status_t stream_remove(srtp_t session, uint32_t ssrc)
	{
		return srtp_remove_stream(session, ssrc);
	}

	// libsrtp copies the policy and its key.
	inline srtp_err_status_t create(srtp_t* session, policy* p)
	{
		return srtp_create(session, &p->p);
	}
} // namespace srtp3

#define srtp_policy_t srtp3::policy*
#define srtp_policy_create srtp3::policy_create
#define srtp_policy_destroy srtp3::policy_destroy
#define srtp_policy_set_ssrc srtp3::policy_set_ssrc
#define srtp_policy_set_profile srtp3::policy_set_profile
#define srtp_policy_add_key srtp3::policy_add_key
#define srtp_policy_set_allow_repeat_tx srtp3::policy_set_allow_repeat_tx
#define srtp_policy_set_window_size srtp3::policy_set_window_size
#define srtp_create srtp3::create
#define srtp_protect srtp3::protect
#define srtp_unprotect srtp3::unprotect
#define srtp_protect_rtcp srtp3::protect_rtcp
#define srtp_unprotect_rtcp srtp3::unprotect_rtcp
#define srtp_stream_remove srtp3::stream_remove
