package com.example.orders;

/** What the payment provider is asked for, and the proof that this service asks. */
public record SignedPaymentRequest(String request, String signature) {
}
