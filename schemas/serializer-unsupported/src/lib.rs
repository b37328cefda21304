//! A macro that writes the methods of a `serde::Serializer` which a format does not support.
//!
//! The name and the macro's grammar are those that `serde_avro_fast` calls; the crate stands in for one under another licence
//! (`docs/decisions/0010-a-macro-crate-of-our-own.md`). The methods are those of `serde::Serializer`, each giving the error.

/// Writes a method for each kind of the serde data model that is named, each failing with `err`; compound kinds get their associated type too.
///
/// ```
/// use serde::ser::Error as _;
/// struct OnlyText;
/// impl serde::Serializer for OnlyText {
///     type Ok = String;
///     type Error = serde::de::value::Error;
///     fn serialize_str(self, text: &str) -> Result<String, Self::Error> { Ok(text.to_owned()) }
///     serde_serializer_quick_unsupported::serializer_unsupported! {
///         err = (Self::Error::custom("text only"));
///         bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes none some unit unit_struct unit_variant newtype_struct newtype_variant
///         seq tuple tuple_struct tuple_variant map struct struct_variant i128 u128
///     }
/// }
/// assert_eq!(serde::Serialize::serialize("a", OnlyText).unwrap(), "a");
/// assert_eq!(serde::Serialize::serialize(&1, OnlyText).unwrap_err().to_string(), "text only");
/// assert!(serde::Serialize::serialize(&vec![1], OnlyText).is_err());
/// assert!(serde::Serialize::serialize(&Some(1), OnlyText).is_err());
/// ```
#[macro_export]
macro_rules! serializer_unsupported {
    (err = ($err:expr); $($kind:tt)*) => {
        $($crate::unsupported_kind! { $kind ($err) })*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! unsupported_kind {
    (bool ($err:expr)) => {
        $crate::unsupported_method! { serialize_bool(bool) ($err) }
    };
    (i8 ($err:expr)) => {
        $crate::unsupported_method! { serialize_i8(i8) ($err) }
    };
    (i16 ($err:expr)) => {
        $crate::unsupported_method! { serialize_i16(i16) ($err) }
    };
    (i32 ($err:expr)) => {
        $crate::unsupported_method! { serialize_i32(i32) ($err) }
    };
    (i64 ($err:expr)) => {
        $crate::unsupported_method! { serialize_i64(i64) ($err) }
    };
    (i128 ($err:expr)) => {
        $crate::unsupported_method! { serialize_i128(i128) ($err) }
    };
    (u8 ($err:expr)) => {
        $crate::unsupported_method! { serialize_u8(u8) ($err) }
    };
    (u16 ($err:expr)) => {
        $crate::unsupported_method! { serialize_u16(u16) ($err) }
    };
    (u32 ($err:expr)) => {
        $crate::unsupported_method! { serialize_u32(u32) ($err) }
    };
    (u64 ($err:expr)) => {
        $crate::unsupported_method! { serialize_u64(u64) ($err) }
    };
    (u128 ($err:expr)) => {
        $crate::unsupported_method! { serialize_u128(u128) ($err) }
    };
    (f32 ($err:expr)) => {
        $crate::unsupported_method! { serialize_f32(f32) ($err) }
    };
    (f64 ($err:expr)) => {
        $crate::unsupported_method! { serialize_f64(f64) ($err) }
    };
    (char ($err:expr)) => {
        $crate::unsupported_method! { serialize_char(char) ($err) }
    };
    (str ($err:expr)) => {
        $crate::unsupported_method! { serialize_str(&str) ($err) }
    };
    (bytes ($err:expr)) => {
        $crate::unsupported_method! { serialize_bytes(&[u8]) ($err) }
    };
    (none ($err:expr)) => {
        $crate::unsupported_method! { serialize_none() ($err) }
    };
    (unit ($err:expr)) => {
        $crate::unsupported_method! { serialize_unit() ($err) }
    };
    (unit_struct ($err:expr)) => {
        $crate::unsupported_method! { serialize_unit_struct(&'static str) ($err) }
    };
    (unit_variant ($err:expr)) => {
        $crate::unsupported_method! { serialize_unit_variant(&'static str, u32, &'static str) ($err) }
    };
    (some ($err:expr)) => {
        $crate::unsupported_method! { serialize_some<T>(&T) ($err) }
    };
    (newtype_struct ($err:expr)) => {
        $crate::unsupported_method! { serialize_newtype_struct<T>(&'static str, &T) ($err) }
    };
    (newtype_variant ($err:expr)) => {
        $crate::unsupported_method! { serialize_newtype_variant<T>(&'static str, u32, &'static str, &T) ($err) }
    };
    (seq ($err:expr)) => {
        $crate::unsupported_compound! { serialize_seq SerializeSeq (Option<usize>) ($err) }
    };
    (tuple ($err:expr)) => {
        $crate::unsupported_compound! { serialize_tuple SerializeTuple (usize) ($err) }
    };
    (tuple_struct ($err:expr)) => {
        $crate::unsupported_compound! { serialize_tuple_struct SerializeTupleStruct (&'static str, usize) ($err) }
    };
    (tuple_variant ($err:expr)) => {
        $crate::unsupported_compound! { serialize_tuple_variant SerializeTupleVariant (&'static str, u32, &'static str, usize) ($err) }
    };
    (map ($err:expr)) => {
        $crate::unsupported_compound! { serialize_map SerializeMap (Option<usize>) ($err) }
    };
    (struct ($err:expr)) => {
        $crate::unsupported_compound! { serialize_struct SerializeStruct (&'static str, usize) ($err) }
    };
    (struct_variant ($err:expr)) => {
        $crate::unsupported_compound! { serialize_struct_variant SerializeStructVariant (&'static str, u32, &'static str, usize) ($err) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! unsupported_method {
    ($method:ident <T> ($($argument:ty),*) ($err:expr)) => {
        fn $method<T: ?Sized + serde::Serialize>(self, $(_: $argument),*) -> Result<Self::Ok, Self::Error> {
            Err($err)
        }
    };
    ($method:ident ($($argument:ty),*) ($err:expr)) => {
        fn $method(self, $(_: $argument),*) -> Result<Self::Ok, Self::Error> {
            Err($err)
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! unsupported_compound {
    ($method:ident $associated:ident ($($argument:ty),*) ($err:expr)) => {
        type $associated = serde::ser::Impossible<Self::Ok, Self::Error>;
        fn $method(self, $(_: $argument),*) -> Result<Self::$associated, Self::Error> {
            Err($err)
        }
    };
}
