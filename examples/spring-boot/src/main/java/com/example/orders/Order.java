package com.example.orders;

/** An order that was taken; the database gave it its number. */
public record Order(long id, String item, int quantity) {
}
